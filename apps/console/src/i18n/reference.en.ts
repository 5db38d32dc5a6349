import type { Words } from './messages.ts';
import type { referenceKo } from './reference.ko.ts';

export const referenceEn: Words<typeof referenceKo> = {
  reference: {
    text: 'What this console itself uses, for programs too. Send an API token, made on the sessions screen, as Authorization: Bearer; or sign in with POST /api/session, keep the cookie, and send this header with every request. With the cookie, one that changes something also carries this console’s own address as Origin.',
    filter: 'Find by path or action',
    save: 'Download openapi.json',
    fromRole: '{{role}} and above',
    signedIn: 'Whoever is signed in',
    anybody: 'Anybody',
    parameters: 'Parameters',
    inPath: 'path',
    inQuery: 'query',
    inHeader: 'header',
    example: 'Example: {{summary}}',
    optional: 'optional',
    body: 'Body',
    answer: 'Answer {{status}} {{media}}',
    asItIsMade: 'Sent as it is made.',
    noBody: 'No body.',
  },
};
