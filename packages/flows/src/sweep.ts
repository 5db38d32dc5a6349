import { apiPaths, firewallStateSchema, instanceListSchema } from '@moru/types';
import { isMark, readTarget, TargetError } from './target.ts';
import { type InstallationApi, installationApi } from './testing/api.ts';
import { forgetMade, readMade } from './testing/journal.ts';

/** `npm run flows -- --sweep`: removes what flows left on an installation, of whatever run; says each thing. */
async function sweep(): Promise<void> {
  const target = readTarget(process.env);
  if (!target) throw new TargetError('--sweep takes BASE_URL: an embedded installation goes as a whole');
  const { admin } = target.keys;
  if (!admin) throw new TargetError('--sweep takes the key of an admin');
  const act = target.mayChange;
  const api = await installationApi(target.url, admin);
  const found = [...(await sweepRules(api, act)), ...(await sweepPublicIps(api, target.url, act))];
  const said = act ? 'removed' : 'would be removed with MORU_ALLOW_CHANGES=1';
  for (const thing of found) process.stdout.write(`${said}: ${thing}\n`);
  process.stdout.write(`${found.length} left by flows\n`);
  await api.call('DELETE', apiPaths.session);
}

/** `--comment "moru-flow 0123abcd"` of a rule in iptables-save form. */
const markOfRule = (text: string) => /--comment "([^"]*)"/.exec(text)?.[1];

async function sweepRules(api: InstallationApi, act: boolean): Promise<string[]> {
  const { instances } = instanceListSchema.parse(
    (await api.call('GET', `${apiPaths.instances}?limit=200`)).body,
  );
  const removed: string[] = [];
  for (const { id, name, firewall } of instances) {
    if (firewall?.agent !== 'connected') continue;
    // after each deletion the numbers and the revision are others
    for (const passed = new Set<string>(); ; ) {
      const { status, body } = await api.call('GET', `${apiPaths.firewall(id)}?family=ipv4`);
      if (status !== 200) break;
      const { revision, tables } = firewallStateSchema.parse(body);
      const place = tables
        .flatMap((table) => table.chains.map((chain) => ({ table: table.name, chain })))
        .flatMap(({ table, chain }) => chain.rules.map((rule) => ({ table, chain: chain.name, rule })))
        .find(({ rule }) => isMark(markOfRule(rule.text)) && !passed.has(rule.text));
      if (!place) break;
      passed.add(place.rule.text);
      removed.push(`rule on ${name}: -A ${place.chain} ${place.rule.text}`);
      if (!act) continue;
      const { table, chain, rule } = place;
      const change = { type: 'delete', family: 'ipv4', revision, table, chain };
      const done = await api.call('POST', apiPaths.firewallChanges(id), {
        ...change,
        number: rule.number,
        rule: rule.text,
      });
      if (done.status !== 200) throw new Error(`${name}: ${JSON.stringify(done.body)}`);
    }
  }
  return removed;
}

async function sweepPublicIps(api: InstallationApi, url: string, act: boolean): Promise<string[]> {
  const removed: string[] = [];
  for (const made of readMade().filter((each) => each.url === url)) {
    const left = (await api.publicIps()).find(({ address }) => address === made.address);
    if (left) {
      removed.push(`Public IP ${made.address} of run ${made.run}`);
      if (!act) continue;
      const { instanceId, networkInterfaceId = null } = left.attachedTo ?? { instanceId: null };
      const done =
        instanceId && networkInterfaceId
          ? await api.call('DELETE', apiPaths.interfacePublicIp(instanceId, networkInterfaceId), {
              publicIpId: left.id,
              deletePublicIp: true,
            })
          : await api.call('POST', apiPaths.publicIpRelease, {
              publicIps: [{ id: left.id, networkInterfaceId }],
            });
      if (done.status >= 300) throw new Error(`${made.address}: ${JSON.stringify(done.body)}`);
    }
    if (act) forgetMade(url, made.address);
  }
  return removed;
}

sweep().catch((error: unknown) => {
  process.stderr.write(`flows: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
