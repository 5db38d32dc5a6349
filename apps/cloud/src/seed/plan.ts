/** What a fresh installation holds. Ages are in days before the seed; the fabric knows both networks and the pool. */

export interface PlannedNetwork {
  network: 'front' | 'back';
  vpc: string;
  vpcCidr: string;
  subnet: string;
  subnetCidr: string;
  ageDays: number;
}

export interface PlannedInstance {
  name: string;
  description: string;
  flavor: string;
  image: string;
  keyName: string;
  active: boolean;
  webServer: boolean;
  addresses: { network: 'front' | 'back'; address: string }[];
  ageDays: number;
}

export interface PlannedPublicIp {
  address: string;
  description: string;
  /** private address of the interface that has it */
  attachedTo: string | null;
  ageDays: number;
}

/** The addresses of the guide's routing example (`route -n`). */
export const plannedNetworks: PlannedNetwork[] = [
  {
    network: 'front',
    vpc: 'vpc-front',
    vpcCidr: '198.168.0.0/16',
    subnet: 'front',
    subnetCidr: '198.168.0.0/24',
    ageDays: 212,
  },
  {
    network: 'back',
    vpc: 'vpc-back',
    vpcCidr: '10.10.0.0/16',
    subnet: 'back',
    subnetCidr: '10.10.0.0/24',
    ageDays: 211,
  },
];

export const plannedInstances: PlannedInstance[] = [
  {
    name: 'web-01',
    description: '고객용 웹 서비스',
    flavor: 'r2a.baremetal',
    image: 'Ubuntu 20.04',
    keyName: 'ops-key',
    active: true,
    webServer: true,
    addresses: [{ network: 'front', address: '198.168.0.10' }],
    ageDays: 41,
  },
  {
    name: 'web-02',
    description: '웹 서비스와 내부망 연동',
    flavor: 'r2a.baremetal',
    image: 'Ubuntu 20.04',
    keyName: 'ops-key',
    active: true,
    webServer: false,
    addresses: [
      { network: 'front', address: '198.168.0.11' },
      { network: 'back', address: '10.10.0.11' },
    ],
    ageDays: 40,
  },
  {
    name: 'db-01',
    description: '주문 데이터베이스',
    flavor: 'r2a.baremetal',
    image: 'Ubuntu 22.04',
    keyName: 'dba-key',
    active: true,
    webServer: false,
    addresses: [{ network: 'back', address: '10.10.0.21' }],
    ageDays: 97,
  },
  {
    name: 'batch-01',
    description: '분기 정산 배치',
    flavor: 'p2a.baremetal',
    image: 'Ubuntu 20.04',
    keyName: 'ops-key',
    active: false,
    webServer: false,
    addresses: [{ network: 'front', address: '198.168.0.31' }],
    ageDays: 163,
  },
];

export const plannedKeyPairs = ['ops-key', 'dba-key'];

/** Two idle, one in use, and one that a stopped server keeps: billed all the same, which is what the guide warns of. */
export const plannedPublicIps: PlannedPublicIp[] = [
  { address: '203.0.113.21', description: 'DB 점검 접속', attachedTo: '10.10.0.21', ageDays: 90 },
  { address: '203.0.113.31', description: '정산 파일 수신', attachedTo: '198.168.0.31', ageDays: 160 },
  { address: '203.0.113.40', description: '웹 이전용 예비', attachedTo: null, ageDays: 12 },
  { address: '203.0.113.41', description: '', attachedTo: null, ageDays: 5 },
];
