import type { Instance, InstanceColumn } from '@moru/types';
import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { dateTime } from '../../i18n/format.ts';
import { Address } from '../../ui/address.tsx';
import { State } from '../../ui/badge.tsx';
import { FirewallSummary } from '../firewall-summary.tsx';
import type { InstanceSort } from '../instance-queries.ts';
import { InstanceStatus } from '../instance-status.tsx';

export interface Column {
  id: InstanceColumn;
  label: (t: TFunction) => string;
  /** absent: the cloud's rows cannot be ordered by it */
  sort?: InstanceSort;
  /** `deadline`: of the trial that runs on the host */
  cell: (instance: Instance, deadline: string | null) => ReactNode;
  /** shown where nothing was chosen: always, or from `wide` on */
  usual?: 'always' | 'wide';
  /** its place in the card that a row is below `narrow`; the others stand on the instance's own page */
  card?: string;
  look?: string;
  /** its width at the most, where none was chosen */
  most?: string;
}

/** In the order in which they stand. */
export const columns: readonly Column[] = [
  {
    id: 'status',
    label: (t) => t('instances.status'),
    sort: 'status',
    usual: 'always',
    card: 'max-narrow:[grid-area:status]',
    cell: (instance) => <InstanceStatus instance={instance} />,
  },
  {
    id: 'flavor',
    label: (t) => t('instances.type'),
    sort: 'flavor',
    usual: 'wide',
    look: 'text-fg-2',
    cell: ({ flavor }) => <Name value={flavor} />,
  },
  {
    id: 'image',
    label: (t) => t('instances.image'),
    sort: 'image',
    look: 'text-fg-2',
    cell: ({ image }) => <Name value={image} />,
  },
  {
    id: 'availabilityZone',
    label: (t) => t('instances.zone'),
    sort: 'availabilityZone',
    look: 'text-fg-2',
    cell: ({ availabilityZone }) => <Name value={availabilityZone} />,
  },
  {
    id: 'subnet',
    label: (t) => t('network.subnet'),
    sort: 'subnet',
    look: 'text-fg-2',
    cell: ({ networkInterfaces }) => (
      <Several values={networkInterfaces.flatMap(({ subnet }) => subnet?.name ?? [])} />
    ),
  },
  {
    id: 'privateIp',
    label: (t) => t('instances.privateIp'),
    sort: 'privateIp',
    usual: 'always',
    card: 'max-narrow:w-[118px] max-narrow:[grid-area:address]',
    cell: ({ networkInterfaces }) => (
      <Several values={networkInterfaces.flatMap((nic) => nic.privateIp ?? [])} addresses />
    ),
  },
  {
    id: 'publicIp',
    label: (t) => t('publicIps.title'),
    sort: 'publicIp',
    usual: 'always',
    card: 'max-narrow:ml-32 max-narrow:[grid-area:address]',
    cell: (instance) => <PublicIps instance={instance} />,
  },
  {
    id: 'firewall',
    label: (t) => t('firewall.title'),
    usual: 'always',
    card: 'max-narrow:[grid-area:firewall]',
    cell: (instance, deadline) => <FirewallSummary instance={instance} deadline={deadline} />,
  },
  {
    id: 'createdAt',
    label: (t) => t('instances.createdAt'),
    sort: 'createdAt',
    look: 'text-fg-2 tabular-nums',
    cell: ({ createdAt }) => (createdAt ? dateTime(createdAt) : <None />),
  },
  {
    id: 'keyName',
    label: (t) => t('instances.keyName'),
    sort: 'keyName',
    look: 'text-fg-2',
    cell: ({ keyName }) => <Name value={keyName} />,
  },
  {
    id: 'hostname',
    label: (t) => t('instances.hostname'),
    sort: 'hostname',
    look: 'text-fg-2',
    cell: ({ hostname }) => <Name value={hostname} />,
  },
  {
    id: 'description',
    label: (t) => t('instances.description'),
    look: 'text-fg-2',
    most: '20rem',
    cell: ({ description }) => (description ? <span title={description}>{description}</span> : <None />),
  },
  {
    id: 'id',
    label: (t) => t('instances.id'),
    sort: 'id',
    look: 'text-fg-3',
    cell: ({ id }) => (
      <span title={id}>
        <Address>{shortId(id)}</Address>
      </span>
    ),
  },
];

/** Those that stand where nobody has chosen. */
export const usualColumns: readonly InstanceColumn[] = columns.flatMap(({ id, usual }) =>
  usual ? [id] : [],
);

/** A UUID by its first part, which tells the rows of a project apart; anything shorter whole. */
function shortId(id: string): string {
  return id.length > 16 ? `${id.slice(0, 8)}…` : id;
}

function None() {
  const { t } = useTranslation();
  return <span className="text-fg-3">{t('common.none')}</span>;
}

/** A name that the cloud has given: never translated. */
function Name({ value }: { value: string | null }) {
  return value ? (
    <span translate="no" title={value}>
      {value}
    </span>
  ) : (
    <None />
  );
}

/** The first one, and how many more there are. */
function Several({ values, addresses = false }: { values: string[]; addresses?: boolean }) {
  const { t } = useTranslation();
  const [first, ...others] = values;
  if (!first) return <None />;
  return (
    <>
      {addresses ? <Address>{first}</Address> : <Name value={first} />}
      {others.length > 0 && (
        <span className="ml-1.5 text-11 text-fg-3" title={others.join(', ')}>
          {t('instances.andMore', { count: others.length })}
        </span>
      )}
    </>
  );
}

function PublicIps({ instance }: { instance: Instance }) {
  const { t } = useTranslation();
  const held = instance.networkInterfaces.flatMap((nic) => nic.publicIp ?? []);
  const pending = held.find((ip) => ip.status === 'attaching');
  return (
    <>
      <span className="mr-1 text-12 text-fg-3 narrow:hidden">{t('publicIps.title')}</span>
      {pending ? (
        <State kind="changing">
          <Address>{pending.address}</Address>
          {t('publicIps.attaching')}
        </State>
      ) : (
        <Several values={held.map((ip) => ip.address)} addresses />
      )}
    </>
  );
}
