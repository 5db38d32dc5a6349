/** Header that every request of the console's API carries; a foreign page cannot send it without a preflight. */
export const apiHeader = { name: 'x-moru-request', value: '1' } as const;

/** Header of requests that the console makes by itself: they do not keep an unused session alive. */
export const pollHeader = { name: 'x-moru-poll', value: '1' } as const;

/**
 * Header with which a change that is sent again is made once, and the one that tells such an answer. Whoever makes up
 * the key must not make it guessable: it also opens the answer that is kept.
 */
export const idempotency = {
  header: 'idempotency-key',
  replayedHeader: 'idempotency-replayed',
  pattern: /^[\w.:~+/=-]{16,128}$/,
} as const;

/** Somebody is told this long before their session ends. */
export const sessionNoticeMs = 10 * 60_000;

const id = encodeURIComponent;

/** Paths of the BFF. Used by the console's client and, with `:name` parameters, by the BFF's router. */
export const apiPaths = {
  installation: '/api/installation',
  session: '/api/session',
  /** the key of whoever is signed in, once more: for what cannot be taken back, and to stay for another 12 hours */
  sessionProof: '/api/session/proof',
  /** a person's own sessions, and the end of all of them */
  sessions: '/api/sessions',
  apiTokens: '/api/api-tokens',
  ownSession: (sessionId: string) => `/api/sessions/${id(sessionId)}`,
  instances: '/api/instances',
  instance: (instanceId: string) => `/api/instances/${id(instanceId)}`,
  instanceStart: (instanceId: string) => `/api/instances/${id(instanceId)}/start`,
  instanceStop: (instanceId: string) => `/api/instances/${id(instanceId)}/stop`,
  instanceHardReboot: (instanceId: string) => `/api/instances/${id(instanceId)}/hard-reboot`,
  /** `order` is one of `PowerOrder`, for many at once */
  bulkPower: (order: string) => `/api/bulk/${id(order)}`,
  instancesCsv: '/api/instances.csv',
  instanceFacets: '/api/instance-facets',
  instanceListPreference: '/api/preferences/instance-list',
  instanceRebuild: (instanceId: string) => `/api/instances/${id(instanceId)}/rebuild`,
  actionLog: (instanceId: string) => `/api/instances/${id(instanceId)}/action-log`,
  consoleLog: (instanceId: string) => `/api/instances/${id(instanceId)}/console-log`,
  flavors: '/api/flavors',
  images: '/api/images',
  keyPairs: '/api/key-pairs',
  keyPair: (name: string) => `/api/key-pairs/${id(name)}`,
  networks: '/api/networks',
  securityGroups: '/api/security-groups',
  interfacePublicIp: (instanceId: string, nicId: string) =>
    `/api/instances/${id(instanceId)}/network-interfaces/${id(nicId)}/public-ip`,
  publicIps: '/api/public-ips',
  publicIp: (publicIpId: string) => `/api/public-ips/${id(publicIpId)}`,
  publicIpRelease: '/api/public-ips/release',
  rollouts: '/api/rollouts',
  /** what a roll-out would do to each host, before it begins */
  rolloutPlan: '/api/rollouts/plan',
  rollout: (rolloutId: string) => `/api/rollouts/${id(rolloutId)}`,
  rolloutStop: (rolloutId: string) => `/api/rollouts/${id(rolloutId)}/stop`,
  rolloutContinue: (rolloutId: string) => `/api/rollouts/${id(rolloutId)}/continue`,
  operations: '/api/operations',
  operation: (operationId: string) => `/api/operations/${id(operationId)}`,
  operationContinue: (operationId: string) => `/api/operations/${id(operationId)}/continue`,
  operationUndo: (operationId: string) => `/api/operations/${id(operationId)}/undo`,
  firewall: (instanceId: string) => `/api/instances/${id(instanceId)}/firewall`,
  firewallOutput: (instanceId: string, kind: string) =>
    `/api/instances/${id(instanceId)}/firewall/output/${id(kind)}`,
  firewallChanges: (instanceId: string) => `/api/instances/${id(instanceId)}/firewall/changes`,
  firewallSave: (instanceId: string) => `/api/instances/${id(instanceId)}/firewall/save`,
  firewallZero: (instanceId: string) => `/api/instances/${id(instanceId)}/firewall/zero`,
  firewallWatch: (instanceId: string) => `/api/instances/${id(instanceId)}/firewall/watch`,
  /** one's own draft of a host's rules */
  draft: (instanceId: string) => `/api/instances/${id(instanceId)}/draft`,
  /** who has one, and which rules are switched off */
  drafts: (instanceId: string) => `/api/instances/${id(instanceId)}/drafts`,
  foreignChains: (instanceId: string) => `/api/instances/${id(instanceId)}/firewall/foreign-chains`,
  sshguard: (instanceId: string) => `/api/instances/${id(instanceId)}/sshguard`,
  sshguardUnblock: (instanceId: string) => `/api/instances/${id(instanceId)}/sshguard/unblock`,
  sshguardProposal: (instanceId: string) => `/api/instances/${id(instanceId)}/sshguard/proposal`,
  routing: (instanceId: string) => `/api/instances/${id(instanceId)}/routing`,
  routingCheck: (instanceId: string) => `/api/instances/${id(instanceId)}/routing/check`,
  /** what a change would do, before it is tried */
  changeCheck: (instanceId: string) => `/api/instances/${id(instanceId)}/check`,
  /** the trial that is under way on one host */
  currentTrial: (instanceId: string) => `/api/instances/${id(instanceId)}/trial`,
  instanceTrials: (instanceId: string) => `/api/instances/${id(instanceId)}/trials`,
  trial: (instanceId: string, trialId: string) => `/api/instances/${id(instanceId)}/trials/${id(trialId)}`,
  trialProbes: (instanceId: string, trialId: string) =>
    `/api/instances/${id(instanceId)}/trials/${id(trialId)}/probes`,
  trialConfirm: (instanceId: string, trialId: string) =>
    `/api/instances/${id(instanceId)}/trials/${id(trialId)}/confirm`,
  trialConfirmForOther: (instanceId: string, trialId: string) =>
    `/api/instances/${id(instanceId)}/trials/${id(trialId)}/confirm-for-other`,
  trialRevert: (instanceId: string, trialId: string) =>
    `/api/instances/${id(instanceId)}/trials/${id(trialId)}/revert`,
  trialExtend: (instanceId: string, trialId: string) =>
    `/api/instances/${id(instanceId)}/trials/${id(trialId)}/extend`,
  generations: (instanceId: string) => `/api/instances/${id(instanceId)}/generations`,
  generation: (instanceId: string, number: string) =>
    `/api/instances/${id(instanceId)}/generations/${id(number)}`,
  generationRestore: (instanceId: string, number: string) =>
    `/api/instances/${id(instanceId)}/generations/${id(number)}/restore`,
  /** every trial of the project that is under way */
  trials: '/api/trials',
  events: '/api/events',
  hosts: '/api/hosts',
  host: (instanceId: string) => `/api/hosts/${id(instanceId)}`,
  hostTokens: (instanceId: string) => `/api/hosts/${id(instanceId)}/tokens`,
  hostToken: (instanceId: string, tokenId: string) => `/api/hosts/${id(instanceId)}/tokens/${id(tokenId)}`,
  hostApproval: (instanceId: string) => `/api/hosts/${id(instanceId)}/approval`,
  hostRefusal: (instanceId: string) => `/api/hosts/${id(instanceId)}/refusal`,
  hostRevocation: (instanceId: string) => `/api/hosts/${id(instanceId)}/revocation`,
  authority: '/api/authority',
  audit: '/api/audit',
  auditCsv: '/api/audit.csv',
  auditVerdict: '/api/audit/verdict',
  openApi: '/api/openapi.json',
} as const;
