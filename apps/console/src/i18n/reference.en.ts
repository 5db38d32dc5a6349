import type { Words } from './messages.ts';
import type { referenceKo } from './reference.ko.ts';

export const referenceEn: Words<typeof referenceKo> = {
  reference: {
    text: 'What this console itself uses, for programs too. Sign in with POST /api/session, keep the cookie, and send this header with every request. One that changes something also carries this console’s own address as Origin.',
    filter: 'Find by path or action',
    save: 'Download openapi.json',
    fromRole: '{{role}} and above',
    signedIn: 'Whoever is signed in',
    anybody: 'Anybody',
    parameters: 'Parameters',
    inPath: 'path',
    inQuery: 'query',
    optional: 'optional',
    body: 'Body',
    answer: 'Answer {{status}} {{media}}',
    asItIsMade: 'Sent as it is made.',
    noBody: 'No body.',
  },
};
