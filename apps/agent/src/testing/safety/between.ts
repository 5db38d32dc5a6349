import type { TestBackend, TestHost } from '../host.ts';

const asked = '/run/between';

/**
 * Another program that changes the rules at the worst moment: after the agent's last look, before its COMMIT. On
 * legacy it pays no attention to the lock that the agent holds then; nft has none. `strike` asks for it, once, and
 * answers a function that tells whether it has struck.
 */
export async function lurkBetween(host: TestHost, backend: TestBackend) {
  const real = (program: string) => `/usr/sbin/iptables-${backend}${program}`;
  // under the lock the agent reads; without one it reads, then feeds a restore
  const program = backend === 'legacy' ? '-save' : '-restore';
  const strikes = `mv ${asked} ${asked}.done 2> /dev/null && XTABLES_LOCKFILE=/run/other.lock sh ${asked}.done`;
  const lines =
    backend === 'legacy'
      ? [
          `${real(program)} "$@"`,
          'code=$?',
          `flock -n /run/xtables.lock true || { ${strikes}; }`,
          'exit $code',
        ]
      : [
          'case " $* " in *" --test "*) exec REAL "$@" ;; esac',
          // what it is fed has been decided on by the time that it ends
          'cat > /run/between.$$',
          strikes,
          'exec REAL "$@" < /run/between.$$',
        ].map((line) => line.replace('REAL', real(program)));
  const path = `/usr/sbin/iptables${program}`;
  await host.run('rm', [path]);
  await host.run('tee', [path], `#!/bin/sh\n${lines.join('\n')}\n`);
  await host.run('chmod', ['755', path]);
  return async (rule: string): Promise<() => Promise<boolean>> => {
    await host.run('rm', ['-f', `${asked}.done`]);
    await host.run('tee', [asked], `${real('')} ${rule}\n`);
    return async () => {
      const { exitCode } = await host.run('rm', [asked]);
      return exitCode !== 0;
    };
  };
}
