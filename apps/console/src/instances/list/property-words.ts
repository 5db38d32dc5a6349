import type { FirewallTrait, Instance, InstanceProperty } from '@moru/types';
import type { TFunction } from 'i18next';
import { stateName, statusWords } from '../instance-status.tsx';

export function propertyName(property: InstanceProperty, t: TFunction): string {
  switch (property) {
    case 'status':
      return t('instances.status');
    case 'firewall':
      return t('firewall.title');
    case 'publicIp':
      return t('publicIps.title');
    case 'flavor':
      return t('instances.type');
    case 'image':
      return t('instances.image');
    case 'subnet':
      return t('network.subnet');
    case 'availabilityZone':
      return t('instances.zone');
  }
}

/** A value as the list shows it; what the cloud has named stands as it is. */
export function valueName(property: InstanceProperty, value: string, t: TFunction): string {
  switch (property) {
    case 'status': {
      // two of the cloud's states may have one name
      const [name, own] = [stateName(value, t), statusWords(value)];
      return name === own ? name : `${name} (${own})`;
    }
    case 'firewall':
      return t(`firewallSummary.${traitWords[value as FirewallTrait]}`);
    case 'publicIp':
      return value === 'with' ? t('instances.with') : t('common.none');
    default:
      return value;
  }
}

const traitWords = {
  open: 'open',
  unsure: 'unsure',
  closed: 'closed',
  unsaved: 'unsaved',
  outside: 'outside',
  offline: 'offline',
  unread: 'unread',
  none: 'noAgent',
} as const satisfies Record<FirewallTrait, string>;

/** Names of the subnets that these rows are in: an address holds their ids alone. */
export function subnetNames(rows: readonly Instance[]): ReadonlyMap<string, string> {
  const subnets = rows.flatMap(({ networkInterfaces }) =>
    networkInterfaces.flatMap(({ subnet }) => subnet ?? []),
  );
  return new Map(subnets.map(({ id, name }) => [id, name]));
}
