import { X509Certificate } from 'node:crypto';
import { instanceOf } from '@moru/enrolment';
import type { Config } from '../config.ts';
import { messageOf } from '../log.ts';
import { readEnrolled } from './files.ts';

/** How this host stands with its console, in a sentence. */
export async function enrolmentWords(config: Config, now = Date.now()): Promise<string> {
  try {
    const enrolled = await readEnrolled(config);
    if (!enrolled) return 'Not enrolled: `moru-agent enrol` connects this host to a console.';
    const { credential, server } = enrolled;
    const until = new Date(new X509Certificate(credential.certificate).validTo);
    const who = `as instance ${instanceOf(credential.certificate)} at ${server}`;
    if (until.getTime() > now) return `Enrolled ${who}, certificate until ${until.toISOString()}.`;
    return `The certificate ${who} EXPIRED at ${until.toISOString()}: \`moru-agent enrol\` gets a new one, with a new token.`;
  } catch (error) {
    return `Not enrolled: ${messageOf(error)}`;
  }
}
