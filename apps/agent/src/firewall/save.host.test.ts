import { type FirewallState, firewallStateSchema } from '@moru/types';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeBackends } from '../testing/describe-backends.ts';
import { startHost, type TestHost } from '../testing/host.ts';

const path = '/etc/iptables.rules';

describeBackends('saving on a host with %s', (backend) => {
  let host: TestHost;

  const state = async (): Promise<FirewallState> =>
    firewallStateSchema.parse((await host.client('GET', '/v1/firewall?family=ipv4')).body);
  const save = async (revision?: string) =>
    host.client('POST', '/v1/firewall/save', {
      family: 'ipv4',
      revision: revision ?? (await state()).revision,
    });
  const run = async (program: string, ...args: string[]) => {
    const result = await host.run(program, args);
    expect(result).toMatchObject({ exitCode: 0 });
    return result.stdout;
  };

  beforeAll(async () => {
    host = await startHost(backend);
  });
  afterAll(() => host.stop());
  beforeEach(async () => {
    await run('rm', '-rf', path, '/etc/other.rules');
    await run('iptables', '-F');
    await run('iptables', '-X');
    await run('iptables', '-N', 'sshguard');
    await run('iptables', '-A', 'INPUT', '-j', 'sshguard');
    await run('iptables', '-A', 'INPUT', '-p', 'tcp', '--dport', '22', '-j', 'ACCEPT');
  });

  it('writes a private file that loads and gives the same rules, without the bans', async () => {
    await run('iptables', '-I', 'sshguard', '-s', '192.0.2.7', '-j', 'DROP');
    const { status, body } = await save();
    expect(status).toBe(200);
    const { saved } = firewallStateSchema.parse(body);
    expect(saved).toMatchObject({ path, exists: true, matches: true });
    expect(Date.now() - Date.parse(saved.modifiedAt ?? '')).toBeLessThan(60_000);

    expect(await run('stat', '-c', '%a %U %h', path)).toBe('600 root 1\n');
    const text = await run('cat', path);
    expect(text).toContain(':sshguard - ');
    expect(text).toContain('-A INPUT -j sshguard\n');
    expect(text).not.toContain('192.0.2.7');

    const before = (await state()).revision;
    await run('iptables', '-F');
    await run('iptables-restore', path);
    expect((await state()).revision).toBe(before);
    expect((await state()).saved.matches).toBe(true);
  });

  it('tells when what runs is no longer what is saved', async () => {
    await save();
    await run('iptables', '-A', 'INPUT', '-s', '192.0.2.1', '-j', 'DROP');
    expect((await state()).saved).toMatchObject({ exists: true, matches: false });
  });

  it('reads the guide’s own file, whose first line does not load, as one that does not match', async () => {
    await run('cp', '/dev/null', path);
    await host.run('tee', [path], 'filter\n:INPUT ACCEPT [0:0]\n-A INPUT -j sshguard\nCOMMIT\n');
    expect((await state()).saved).toMatchObject({ exists: true, matches: false });
  });

  it('shows the file, and its absence as cat would', async () => {
    const none = await host.client('GET', '/v1/firewall/output?kind=file&family=ipv4');
    expect(none.body).toMatchObject({ command: `sudo cat ${path}`, exitCode: 1 });
    expect(none.body.text).toContain('No such file');
    await save();
    const { body } = await host.client('GET', '/v1/firewall/output?kind=file&family=ipv4');
    expect(body).toMatchObject({ exitCode: 0, text: await run('cat', path) });
  });

  it('does not save for a stale revision', async () => {
    const { revision } = await state();
    await run('iptables', '-A', 'INPUT', '-s', '192.0.2.1', '-j', 'DROP');
    expect(await save(revision)).toMatchObject({ status: 409, body: { code: 'revision.stale' } });
    expect((await state()).saved.exists).toBe(false);
  });

  it.each([
    ['a symbolic link', 'ln', ['-s', '/etc/other.rules', path]],
    ['a fifo', 'mkfifo', [path]],
    ['a folder', 'mkdir', [path]],
  ])('T17: refuses %s in the file’s place', async (_what, program, args) => {
    await run('touch', '/etc/other.rules');
    await run(program, ...args);
    expect(await save()).toMatchObject({ status: 409, body: { code: 'file.refused' } });
    expect(await run('stat', '-c', '%s', '/etc/other.rules')).toBe('0\n');
    expect((await state()).saved).toMatchObject({ exists: true, matches: false });
  });

  it('T17: refuses a file with a second name or another owner', async () => {
    await run('touch', path);
    await run('ln', path, '/etc/other.rules');
    expect(await save()).toMatchObject({ status: 409, body: { code: 'file.refused' } });
    await run('rm', '/etc/other.rules');
    await run('chown', 'nobody', path);
    expect(await save()).toMatchObject({ status: 409, body: { code: 'file.refused' } });
    expect(await run('stat', '-c', '%s', path)).toBe('0\n');
  });

  it('F16: a full disk leaves the old file', async () => {
    await save();
    const before = await run('cat', path);
    await host.run('dd', ['if=/dev/zero', 'of=/etc/filler']);
    await run('iptables', '-A', 'INPUT', '-s', '192.0.2.1', '-j', 'DROP');
    expect(await save()).toMatchObject({ status: 502, body: { code: 'host.failed', upstream: 'ENOSPC' } });
    expect(await run('cat', path)).toBe(before);
    expect(await run('find', '/etc', '-name', '*.moru-new')).toBe('');
    await run('rm', '/etc/filler');
    expect(await save()).toMatchObject({ status: 200 });
  });

  it.each([
    ['a comment with a line feed', ['-m', 'comment', '--comment', 'x\n-A INPUT -j ACCEPT']],
    ['a comment with an escape', ['-m', 'comment', '--comment', 'x\u001b[2Jy']],
    ['an interface with a line feed', ['-i', 'e\n-A INPUT']],
  ])('T1: shows %s escaped, and saves nothing while it is there', async (_what, match) => {
    await run('iptables', '-A', 'INPUT', '-s', '192.0.2.1', ...match, '-j', 'DROP');
    const shown = await state();
    const input = shown.tables[0]?.chains[0]?.rules ?? [];
    expect(input).toHaveLength(3);
    expect(input[2]?.text).toMatch(/\\x0a|\\x1b/);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
    expect(JSON.stringify(shown)).not.toMatch(/[\u0000-\u001f]|\\u00/);
    expect(await save()).toMatchObject({ status: 409, body: { code: 'rule.hostile' } });
    expect((await state()).saved.exists).toBe(false);

    const list = await host.client('GET', '/v1/firewall/output?kind=rules&family=ipv4');
    expect(list.body.text).not.toContain('\u001b');
    // where a number is safe, the rule can be deleted here; nft would have to name it
    const removed = await host.client('POST', '/v1/firewall/changes', {
      type: 'delete',
      family: 'ipv4',
      revision: shown.revision,
      table: 'filter',
      chain: 'INPUT',
      number: 3,
      rule: input[2]?.text,
    });
    expect(removed.status).toBe(backend === 'legacy' ? 200 : 422);
    expect((await save()).status).toBe(backend === 'legacy' ? 200 : 409);
  });

  it('T1: a lone quote as interface leaves no telling where rules end: said so, nothing shown half', async () => {
    await run('iptables', '-A', 'INPUT', '-i', '"', '-j', 'ACCEPT');
    const shown = await host.client('GET', '/v1/firewall?family=ipv4');
    expect(shown).toMatchObject({ status: 502, body: { code: 'host.failed' } });
    expect(shown.body.detail).toMatch(/no telling where a rule ends/);
    await run('iptables', '-D', 'INPUT', '-i', '"', '-j', 'ACCEPT');
    expect((await host.client('GET', '/v1/firewall?family=ipv4')).status).toBe(200);
  });
});
