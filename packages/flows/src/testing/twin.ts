import { type ChildProcess, spawn } from 'node:child_process';
import { run, tied } from '@moru/stack';
import { imageRules, plainRules } from './outside.ts';

/** A second host with nothing but iptables, on which commands are typed as the guide has them. */
export interface Twin {
  type(command: string): Promise<string>;
  rules(): Promise<string>;
  end(): void;
}

export async function startTwin(backend: 'legacy' | 'nft'): Promise<Twin> {
  const { program, args } = tied('unshare', [
    '--net',
    '--mount',
    'sh',
    '-c',
    'mount -t tmpfs tmpfs /run && echo ready && exec sleep infinity',
  ]);
  const holder: ChildProcess = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    holder.stdout?.once('data', () => resolve());
    holder.once('exit', () => reject(new Error('the twin ended')));
  });
  const inside = ['-t', String(holder.pid), '-n', '-m'];
  const tool = (name: string) => name.replace(/^iptables/, `iptables-${backend}`);
  await run('nsenter', [...inside, tool('iptables-restore')], imageRules);
  return {
    async type(command) {
      const [sudo, name, ...rest] = command.split(' ');
      if (sudo !== 'sudo' || !name) throw new Error(`not a command of the guide: ${command}`);
      return run('nsenter', [...inside, tool(name), ...rest]);
    },
    rules: async () => plainRules(await run('nsenter', [...inside, tool('iptables-save')])),
    end: () => void holder.kill('SIGKILL'),
  };
}
