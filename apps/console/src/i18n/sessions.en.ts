import type { Words } from './messages.ts';
import type { sessionsKo } from './sessions.ko.ts';

export const sessionsEn: Words<typeof sessionsKo> = {
  sessions: {
    text: 'Where this account is signed in now. If you do not know a device, end its session and change your access key.',
    device: 'Device',
    unknownDevice: 'Unknown device',
    current: 'This session',
    address: 'Signed in from',
    begun: 'Signed in',
    used: 'Last used',
    ends: 'Ends',
    end: 'End',
    endOf: 'End the session of {{device}}',
    ended: 'Session ended',
    endAll: 'Sign out everywhere',
    endAllText:
      'All sessions of this account end ({{total}}). You have to sign in again in this browser too.',
    endAllDrafts:
      'Drafts that were not applied stay. A change on trial that nobody keeps is reverted by its host.',
    endAllSubmit: 'Sign out everywhere',
    program: 'API token',
  },
  apiToken: {
    make: 'Create API token',
    text: 'With this token a program uses the API in the name of this account. Your key is not stored, so the token ends after 12 hours at the latest.',
    name: 'Name',
    nameHint: 'Appears in the activity log and on hosts. Up to 40 letters, digits, spaces, . _ -',
    nameWrong: 'Use up to 40 letters, digits, spaces, . _ -',
    role: 'Role',
    life: 'Valid for',
    hours: '{{hours}} h',
    irrevocable: 'Allow what cannot be undone',
    irrevocableText: 'It may delete, rebuild and release Public IPs without your key being confirmed.',
    keyText: 'Confirm your access key to create the token.',
    submit: 'Confirm and create the token',
    made: 'Token {{name}} was created',
    shownOnce: 'It is shown only now. It ends at {{time}}, and you can end it in this list at any time.',
    token: 'Token',
    example: 'Example',
  },
  proof: {
    irrevocableTitle: 'Confirm your access key',
    irrevocableText:
      'What you are about to do cannot be undone, and your key was last confirmed more than 15 minutes ago. Once it is confirmed, your action continues.',
    endingTitle: 'Stay signed in',
    endingText: 'Confirm your access key and continue where you are.',
    submit: 'Confirm and continue',
  },
  ending: {
    left: 'The session ends in {{minutes}} min.',
    text: 'It lasts until {{time}}. If you sign in again later, page and draft are still there.',
    spoken: 'The session ends at {{time}}.',
    spokenLast: 'The session ends within a minute, at {{time}}.',
    stay: 'Stay signed in',
    idleText: 'It has not been used for a while. Use the page to stay signed in after {{time}}.',
    use: 'Continue',
  },
};
