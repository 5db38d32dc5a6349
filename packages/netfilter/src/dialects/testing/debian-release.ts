import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Releases of Debian by the iptables that they have: 1.8.7 and 1.8.11. */
export type Release = 'bullseye' | 'trixie';

/** A tree with one release's iptables and all libraries that it needs, or why there is none. */
export type Unpacked = { tree: string } | { missing: string };

const packages = [
  ...['iptables', 'libxtables12', 'libip4tc2', 'libip6tc2', 'libnftnl11', 'libmnl0'],
  ...['libnetfilter-conntrack3', 'libnfnetlink0', 'libc6'],
];
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
const cache = fileURLToPath(new URL('../../../../../node_modules/.cache/netfilter', import.meta.url));

/**
 * Unpacks (never installs) the release's packages into the cache folder, with an apt root of its own, so that neither
 * the machine's package lists nor its packages change. About 25 MB are fetched the first time, nothing afterwards. The
 * mirror is the one that the machine itself uses.
 */
export function unpackedRelease(release: Release): Unpacked {
  const held = asked.get(release);
  if (held) return held;
  const unpacked = unpack(release);
  asked.set(release, unpacked);
  return unpacked;
}

/** Where there is no way to the mirror, one test waits for it, not each of them. */
const asked = new Map<Release, Unpacked>();

function unpack(release: Release): Unpacked {
  const tree = join(cache, release);
  if (existsSync(tree)) return { tree };
  const mirror = debianMirror();
  if (mirror === null) return { missing: 'no mirror of Debian among the sources of apt' };
  if (!existsSync(keyring)) return { missing: 'no keyring of Debian' };
  const work = mkdtempSync(join(tmpdir(), 'netfilter-release-'));
  try {
    fetchInto(work, release, mirror);
    mkdirSync(cache, { recursive: true });
    const made = `${tree}.${process.pid}`;
    run('cp', ['-a', join(work, 'tree'), made]);
    // of two that fetch at a time the first one wins
    if (existsSync(tree)) rmSync(made, { recursive: true });
    else renameSync(made, tree);
    return { tree };
  } catch (error) {
    return { missing: error instanceof Error ? error.message : String(error) };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function fetchInto(work: string, release: Release, mirror: string): void {
  for (const folder of ['state/lists/partial', 'cache/archives/partial', 'debs', 'tree']) {
    mkdirSync(join(work, folder), { recursive: true });
  }
  writeFileSync(join(work, 'status'), '');
  writeFileSync(join(work, 'sources.list'), `deb [signed-by=${keyring}] ${mirror} ${release} main\n`);
  const settings: Record<string, string> = {
    'Dir::Etc::sourcelist': join(work, 'sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::State': join(work, 'state'),
    'Dir::State::status': join(work, 'status'),
    'Dir::Cache': join(work, 'cache'),
    // its sandbox user cannot write to a private folder
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
    'Acquire::IndexTargets::deb::DEP-11::DefaultEnabled': 'false',
    'Acquire::http::Timeout': '10',
    'Acquire::Retries': '1',
  };
  const options = Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  run('apt-get', [...options, '-qq', '--error-on=any', 'update']);
  run('apt-get', [...options, '-qq', 'download', ...packages], join(work, 'debs'));
  for (const file of readdirSync(join(work, 'debs'))) {
    run('dpkg-deb', ['-x', join(work, 'debs', file), join(work, 'tree')]);
  }
}

function run(program: string, args: readonly string[], cwd = '/'): void {
  const { status, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    timeout: 60_000,
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8', DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (status !== 0) throw new Error(`${program}: ${error?.message ?? stderr.trim().split('\n').at(-1)}`);
}

/** The first address of apt's sources whose path is that of a Debian mirror; Ubuntu's end in `ubuntu`. */
function debianMirror(): string | null {
  const folder = '/etc/apt/sources.list.d';
  const files = [
    '/etc/apt/sources.list',
    ...(existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []),
  ];
  for (const file of files.filter((path) => existsSync(path))) {
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      const found = /^(?:URIs:|deb)\s.*?(\S+:\/\/\S+\/debian)\/?(?:\s|$)/.exec(line)?.[1];
      if (found) return found;
    }
  }
  return null;
}
