import { problemCatalog } from '../problem-catalog.ts';

/** What to do about problems of one kind: for people who run the console. A kind without advice fails the test. */
const advice: Record<string, { ko: string; en: string }> = {
  agent: {
    ko: '호스트에서 `systemctl status moru-agent`, 콘솔 서버에서 호스트의 7443번 Port에 닿는지 확인합니다. 호스트가 꺼져 있거나 규칙이 콘솔을 막았을 수 있습니다. 호스트 콘솔에서는 `moru-agent rollback`.',
    en: 'On the host `systemctl status moru-agent`; from the console’s server, whether port 7443 of the host answers. The host may be off, or its rules keep the console out: `moru-agent rollback` at the host’s own console.',
  },
  apiToken: {
    ko: '세션과 토큰은 콘솔의 세션 화면에서 다룹니다. 오래 도는 프로그램은 액세스 키로 로그인합니다(API 화면).',
    en: 'Manage sessions and tokens on the sessions screen. A program that runs for long signs in with its access key (API page).',
  },
  audit: {
    ko: '저장소의 디스크나 데이터베이스를 확인합니다. 기록을 남기지 못하면 아무것도 바꾸지 않습니다.',
    en: 'Look at the store’s disk or database. Without a record nothing is changed.',
  },
  authority: {
    ko: '호스트 화면에서 인증 기관 교체의 단계와 남은 호스트를 봅니다.',
    en: 'See the phase of the rotation and the hosts that are left on the hosts screen.',
  },
  body: { ko: '한 번에 보내는 규칙이나 파일을 줄입니다.', en: 'Send fewer rules, or a smaller file.' },
  certificate: {
    ko: '호스트의 시계를 확인하고, 그래도 안 되면 호스트 화면에서 다시 등록합니다.',
    en: 'Check the host’s clock; else enrol the host again on the hosts screen.',
  },
  chain: { ko: '새로 고쳐 지금의 체인을 봅니다.', en: 'Refresh, and look at the chains as they are now.' },
  credentials: {
    ko: '클라우드 콘솔에서 액세스 키의 상태와 프로젝트를 확인합니다.',
    en: 'See in the cloud’s own console whether the key is active, and for which project.',
  },
  draft: { ko: '새로 고쳐 저장된 초안을 봅니다.', en: 'Refresh, and look at the draft that is kept.' },
  enrolment: {
    ko: '호스트 화면에서 상태를 보고, 필요하면 새 토큰을 만들어 다시 등록합니다.',
    en: 'See the state on the hosts screen; make a new token and enrol again where needed.',
  },
  file: {
    ko: '호스트에서 `systemctl status moru-files.socket`과 디스크를 확인합니다. 돌고 있는 규칙은 그대로입니다.',
    en: 'On the host: `systemctl status moru-files.socket`, and its disk. The rules that run are as they were.',
  },
  generation: { ko: '이력을 새로 고칩니다.', en: 'Refresh the history.' },
  header: {
    ko: '프로그램이라면 머리글 `x-moru-request: 1`을 보냅니다(API 화면).',
    en: 'A program sends the header `x-moru-request: 1` (API page).',
  },
  host: {
    ko: '호스트의 iptables와 `journalctl -t moru-agent`를 확인합니다.',
    en: 'Look at iptables on the host, and at `journalctl -t moru-agent`.',
  },
  idempotency: {
    ko: '다른 요청에는 새 키를 쓰고, 답을 못 받은 변경은 결과를 먼저 확인합니다.',
    en: 'Use a new key for another request; look at the outcome of a change before it is sent again.',
  },
  input: { ko: '화면이 가리키는 값을 고칩니다.', en: 'Mend the value that the screen points at.' },
  instance: {
    ko: '목록을 새로 고쳐 지금 상태를 봅니다. 클라우드의 답이 아래에 함께 나옵니다.',
    en: 'Refresh the list and see its state. The cloud’s own words stand below.',
  },
  internal: {
    ko: '요청 ID를 `journalctl -u moru-console`에서 찾습니다.',
    en: 'Look for the request ID in `journalctl -u moru-console`.',
  },
  keyPair: { ko: '키 페어 목록을 새로 고칩니다.', en: 'Refresh the list of key pairs.' },
  networkInterface: { ko: '네트워크 탭을 새로 고칩니다.', en: 'Refresh the network tab.' },
  operation: { ko: '진행 작업에서 상태를 봅니다.', en: 'See its state under tasks.' },
  origin: {
    ko: '콘솔을 `MORU_PUBLIC_URL`의 주소로 엽니다. 리버스 프록시가 `Host`를 바꾸지 않아야 합니다.',
    en: 'Open the console at the address of `MORU_PUBLIC_URL`; the reverse proxy must not change `Host`.',
  },
  outcome: {
    ko: '다시 보내지 말고 결과를 먼저 확인합니다. 진행 작업이 곧 다시 읽습니다.',
    en: 'Do not send it again; look at the outcome first. The task reads it again shortly.',
  },
  publicIp: {
    ko: 'Public IP 화면을 새로 고쳐 지금 연결을 봅니다.',
    en: 'Refresh the Public IPs and see where it is.',
  },
  rate: { ko: '1분쯤 기다립니다.', en: 'Wait for a minute.' },
  request: { ko: '다시 시도합니다.', en: 'Try again.' },
  revision: {
    ko: '그 사이에 바뀐 규칙 위에서 초안을 다시 봅니다. 초안은 남아 있습니다.',
    en: 'Look at the draft once more on the rules as they are now. It is kept.',
  },
  role: {
    ko: '프로젝트 관리자에게 역할을 요청한 뒤 다시 로그인합니다.',
    en: 'Ask a project admin for the role, and sign in again.',
  },
  rollout: {
    ko: '배포 화면에서 호스트마다 이유를 봅니다. 바뀐 호스트는 거기에서 한꺼번에 되돌릴 수 있습니다.',
    en: 'The page of the roll-out says why, host by host. Those that were changed can be taken back there together.',
  },
  route: { ko: '주소를 확인합니다.', en: 'Check the address.' },
  routing: {
    ko: '라우팅 탭을 새로 고치고 호스트의 `ip route`와 비교합니다.',
    en: 'Refresh the routing tab, and compare it with `ip route` on the host.',
  },
  rule: {
    ko: '규칙 아래에 나온 iptables의 답을 봅니다. 호스트의 iptables 버전에 없는 옵션일 수 있습니다.',
    en: 'See what iptables says below the rule: its version on the host may lack the option.',
  },
  session: { ko: '다시 로그인합니다. 초안은 남아 있습니다.', en: 'Sign in again. Drafts are kept.' },
  sshguard: {
    ko: '호스트에서 `systemctl status sshguard`.',
    en: 'On the host: `systemctl status sshguard`.',
  },
  store: {
    ko: 'PostgreSQL이나 `/var/lib/moru-console`의 디스크를 확인합니다. 호스트의 규칙은 영향이 없습니다.',
    en: 'Look at PostgreSQL, or at the disk of `/var/lib/moru-console`. Rules on hosts are not touched by it.',
  },
  stream: {
    ko: '기다리면 다시 연결합니다. 계속되면 열린 탭과 `MORU_METRICS_LISTEN`의 값을 봅니다.',
    en: 'It connects again by itself; if not, look at open tabs and at the figures of `MORU_METRICS_LISTEN`.',
  },
  token: { ko: '호스트 화면에서 새 등록 토큰을 만듭니다.', en: 'Make a new join token on the hosts screen.' },
  trial: {
    ko: '방화벽 탭의 띠에서 누가 시험 중인지, 어떻게 끝났는지 봅니다. 확정하지 않으면 호스트가 스스로 되돌립니다.',
    en: 'The band of the firewall tab says who tries what, and how it ended. Without a confirmation the host goes back by itself.',
  },
  upstream: {
    ko: '클라우드의 상태와 `MORU_…_URL` 설정을 확인합니다. 클라우드의 답이 아래에 함께 나옵니다.',
    en: 'Look at the cloud’s state and at the `MORU_…_URL` settings. The cloud’s own words stand below.',
  },
};

const intro = `# 문제 해결 / Troubleshooting

화면에 나온 문장으로 찾습니다. 문장 아래의 요청 ID는 \`journalctl -u moru-console\`과 활동 기록에서 같은 요청을 찾는 데 씁니다.

Find the sentence that the console shows. The request ID below it finds the same request in \`journalctl -u moru-console\` and
in the activity log.

This page is made of the list of problems (\`packages/types/src/problem-catalog.ts\`); a test fails when the two differ, and
\`npx vitest run --project unit packages/types/src/troubleshooting -u\` writes it anew.
`;

const kindOf = (code: string) => code.split('.')[0] ?? code;

/** Kinds of problems that nobody has said anything about yet, and advice for kinds that are no more. */
export function gaps(): { missing: string[]; unused: string[] } {
  const kinds = new Set(Object.keys(problemCatalog).map(kindOf));
  return {
    missing: [...kinds].filter((kind) => !(kind in advice)),
    unused: Object.keys(advice).filter((kind) => !kinds.has(kind)),
  };
}

/** The page: every message in both languages, by kind, with what to do. */
export function troubleshooting(): string {
  const codes = Object.entries(problemCatalog);
  const kinds = [...new Set(codes.map(([code]) => kindOf(code)))].sort();
  const sections = kinds.map((kind) => {
    const rows = codes
      .filter(([code]) => kindOf(code) === kind)
      .map(([code, { status, ko, en }]) => `| ${ko} | ${en} | \`${code}\` ${status} |`);
    const { ko, en } = advice[kind] ?? { ko: '', en: '' };
    return [`## ${kind}`, '', ko, '', en, '', '| 한국어 | English | |', '|---|---|---|', ...rows, ''].join(
      '\n',
    );
  });
  return [intro, ...sections].join('\n');
}
