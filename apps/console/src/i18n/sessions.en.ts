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
      'Drafts that were not applied stay. A change on trial that nobody keeps is taken back by its host.',
    endAllSubmit: 'Sign out everywhere',
  },
  proof: {
    irrevocableTitle: 'Confirm your access key',
    irrevocableText:
      'What you are about to do cannot be taken back, and your key was last confirmed more than 15 minutes ago. Once it is confirmed, what you pressed goes on.',
    endingTitle: 'Stay signed in',
    endingText: 'Confirm your access key and go on where you are.',
    submit: 'Confirm and continue',
  },
  ending: {
    left: 'The session ends in {{minutes}} min.',
    text: 'It lasts until {{time}}. If you sign in again later, page and draft are still there.',
    spoken: 'The session ends at {{time}}.',
    spokenLast: 'The session ends within a minute, at {{time}}.',
    stay: 'Stay signed in',
    idleText: 'Nobody has used it for a while. Use the page, and it goes on after {{time}}.',
    use: 'Go on',
  },
};
