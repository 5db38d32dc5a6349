import packageFile from '../../package.json' with { type: 'json' };
import type { Command } from './command.ts';
import { commands } from './commands.ts';

export function helpText(): string {
  const lines = Object.entries(commands).map(([name, { words }]) => `  ${name.padEnd(10)}${words}`);
  return [
    'Usage: moru-agent COMMAND',
    '',
    ...lines,
    '',
    'moru-agent COMMAND --help tells more. Exit codes: 0 done, or nothing to do; 1 not done; 2 not understood.',
  ].join('\n');
}

export function usageText(name: string, { options, words, more }: Command): string {
  const lines = (options ?? []).map(({ option, words: meaning }) => `  ${option.padEnd(22)}${meaning}`);
  const usage = ['Usage: moru-agent', name, ...(options ?? []).map(({ option }) => option)].join(' ');
  return [usage, '', words, ...(more ? [more] : []), ...(lines.length > 0 ? ['', ...lines] : [])].join('\n');
}

export function versionText(): string {
  return `moru-agent ${packageFile.version} on Node ${process.versions.node}`;
}
