import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CloudAlone, cloudPort, startCloudAlone } from './cloud-alone.ts';
import { endOnSignals } from './ending.ts';
import type { SeededAccount } from './identity.ts';
import { readOptions, usage } from './options.ts';
import { accountLines, simulationNote } from './words.ts';

const root = fileURLToPath(new URL('../../../.moru', import.meta.url));
const name = 'cloud';
const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    say(usage('npm run cloud', name, cloudPort));
    return;
  }
  const ending = endOnSignals();
  const cloud = await startCloudAlone(readOptions(process.argv.slice(2), root, name), say);
  announce(cloud);
  await ending;
  say('\nstopping …');
  await cloud.close();
  say('stopped; nothing is left running');
  process.exit(0);
}

function announce({ url, accounts, hosts, folders }: CloudAlone): void {
  const [admin] = accounts;
  say(
    `\n  The embedded cloud is ready:  ${url}\n` +
      '  IAM, BCS, VPC, Network, Image and Config all answer there.\n\n' +
      simulationNote(hosts) +
      `  Accounts, by their project role:\n${accountLines(accounts)}\n` +
      (admin ? `  For Terraform:\n\n${terraform(url, admin)}\n` : '') +
      `  Private keys of the seeded key pairs: ${join(folders.data, 'cloud', 'keys')}\n` +
      `  Logs: ${folders.logs}    Ctrl-C stops everything.`,
  );
}

/**
 * Versions of the provider before 0.4 look for each service under its own name, later ones ask the Config service; what
 * a version does not know it leaves alone.
 */
function terraform(url: string, { accessKeyId, secret }: SeededAccount): string {
  const services = ['iam', 'config', 'bcs', 'vpc', 'network', 'image'];
  return [
    'terraform {',
    '  required_providers {',
    '    kakaocloud = { source = "kakaoenterprise/kakaocloud" }',
    '  }',
    '}',
    '',
    'provider "kakaocloud" {',
    `  application_credential_id     = "${accessKeyId}"`,
    `  application_credential_secret = "${secret}"`,
    '  endpoint_overrides = {',
    ...services.map((service) => `    ${service.padEnd(7)} = "${url}"`),
    '  }',
    '}',
    '',
  ].join('\n');
}

main().catch((error: unknown) => {
  process.stderr.write(
    `The cloud did not start: ${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exit(1);
});
