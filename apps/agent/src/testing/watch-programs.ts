import type { TestHost } from './host.ts';

/** A folder with a file for each start: several may happen at once. */
const calls = '/run/calls';

/** One start of a program: its arguments, and the environment that it got. */
export interface ProgramCall {
  program: string;
  /** whether another process of the host started it, and not the test */
  fromHost: boolean;
  args: string[];
  environment: string[];
}

/**
 * From here on the host's iptables and ip note how they are started, and then do what they do. Answers a function that
 * reads the notes. The notes are parted by what no argument can hold.
 */
export async function watchPrograms(host: TestHost): Promise<() => Promise<ProgramCall[]>> {
  const families = ['iptables', 'ip6tables'].flatMap((name) => [name, `${name}-legacy`, `${name}-nft`]);
  const names = [...families.flatMap((name) => [name, `${name}-save`, `${name}-restore`]), 'ip'];
  const script = [
    `mkdir /run/real ${calls}`,
    ...names.map((name) =>
      [
        // the tools look at the name by which they are called
        `ln -s "$(readlink -f /usr/sbin/${name})" /run/real/${name}`,
        `rm /usr/sbin/${name}`,
        `printf '%s\\n' '#!/bin/sh' ` +
          `'{ printf "${name}\\0$PPID\\0"; for each; do printf "%s\\0" "$each"; done; printf "\\0"; ` +
          `tr "\\0" "\\1" < /proc/$$/environ; printf "\\0\\0\\0"; } > "$(mktemp -p ${calls})"' ` +
          `'exec /run/real/${name} "$@"' > /usr/sbin/${name}`,
        `chmod 755 /usr/sbin/${name}`,
      ].join('\n'),
    ),
  ].join('\n');
  const { exitCode, stderr } = await host.run('sh', ['-ec', script]);
  if (exitCode !== 0) throw new Error(stderr);
  return async () => {
    const { stdout } = await host.run('sh', ['-c', `cat ${calls}/*`]);
    return stdout
      .split('\0\0\0')
      .filter((call) => call !== '')
      .map((call) => {
        const [words = '', environment = ''] = call.split('\0\0');
        const [program = '', parent, ...args] = words.split('\0');
        const fromHost = parent !== '0';
        return {
          program,
          fromHost,
          args,
          environment: environment.split('\u0001').filter((entry) => entry !== ''),
        };
      });
  };
}
