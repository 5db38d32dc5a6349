import type { AccessPath, AccessReport, AccessState } from '@moru/types';
import { describe, expect, it } from 'vitest';
import { standInPaths, worstPath } from './worst-path.ts';

const judgement = (state: AccessState) => ({ state, cause: null, rules: [] });

const way = (path: AccessPath['path'], now: AccessState, draft: AccessState, port = 22): AccessPath => ({
  ...{ id: `${path} ${port}`, path, family: 'ipv4', peer: '100.64.0.2', local: '10.0.0.2', protocol: 'tcp' },
  ...{ port, control: path !== 'consoleSsh', packets: [] },
  ...{ now: judgement(now), draft: judgement(draft) },
});

const report = (...paths: AccessPath[]): AccessReport => ({
  ...{ hostname: 'web-01', sshPorts: [22], paths, reach: [], keepConsole: [] },
  needs: { lost: [], unknown: [] },
});

const worst = (...paths: AccessPath[]) => {
  const found = worstPath({ access: report(...paths) });
  return found && `${found.path} ${found.draft.state}`;
};

describe('the way in that fares worst', () => {
  const agent = way('consoleAgent', 'kept', 'kept', 7443);

  it('is SSH from the console where it is cut and nobody knows where the administrator comes from', () => {
    expect(worst(agent, way('consoleSsh', 'kept', 'lost'))).toBe('consoleSsh lost');
    expect(worst(agent, way('consoleSsh', 'kept', 'unknown'))).toBe('consoleSsh unknown');
    expect(worst(agent, way('consoleSsh', 'unknown', 'lost'))).toBe('consoleSsh lost');
  });

  it('is not, where the administrator’s own SSH was looked at', () => {
    const own = way('administratorSsh', 'kept', 'kept');
    expect(worst(agent, way('consoleSsh', 'kept', 'lost'), own)).toBe('consoleAgent kept');
    expect(standInPaths(report(agent, way('consoleSsh', 'kept', 'lost'), own))).toEqual([]);
  });

  it('is not, where it was shut before, or another port stays open', () => {
    expect(worst(agent, way('consoleSsh', 'lost', 'lost'))).toBe('consoleAgent kept');
    const ports = [way('consoleSsh', 'kept', 'lost'), way('consoleSsh', 'kept', 'kept', 2222)];
    expect(worst(agent, ...ports)).toBe('consoleAgent kept');
  });

  it('is the console’s way to the agent before that', () => {
    const cut = way('consoleAgent', 'kept', 'lost', 7443);
    expect(worst(cut, way('consoleSsh', 'kept', 'lost'))).toBe('consoleAgent lost');
  });

  it('is none where nothing was judged', () => {
    expect(worstPath({ access: null })).toBeNull();
  });
});
