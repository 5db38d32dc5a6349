/** What can go wrong on a host, as its agent tells it: the part of `problemCatalog` that is about rules, trials and routes. */
export const hostProblems = {
  'revision.stale': {
    status: 409,
    ko: '그 사이에 호스트의 Rule이 바뀌었습니다. 새로 읽은 Rule을 보고 다시 해 주세요.',
    en: 'The host’s rules have changed meanwhile. Look at the rules read anew and try again.',
  },
  'rule.notFound': {
    status: 409,
    ko: '그 번호에 그 Rule이 없습니다.',
    en: 'That rule does not stand at that number.',
  },
  'rule.invalid': { status: 400, ko: 'Rule이 올바르지 않습니다.', en: 'The rule is not valid.' },
  'rule.refused': {
    status: 422,
    ko: '호스트의 iptables가 Rule을 거절했습니다.',
    en: 'iptables on the host refused the rule.',
  },
  'rule.hostile': {
    status: 409,
    ko: '호스트에 제어 문자가 든 Rule이 있어 저장하지 않았습니다.',
    en: 'Not saved: a rule on the host holds control characters.',
  },
  'chain.notFound': { status: 404, ko: '호스트에 없는 Chain입니다.', en: 'The host has no such chain.' },
  'chain.foreign': {
    status: 403,
    ko: '다른 프로그램의 Chain은 바꾸지 않습니다.',
    en: 'A chain that belongs to another program is never changed.',
  },
  'host.busy': {
    status: 503,
    ko: '다른 프로그램이 iptables를 쓰고 있습니다. 잠시 뒤에 다시 해 주세요.',
    en: 'Another program is using iptables. Try again in a moment.',
  },
  'host.iptablesMissing': {
    status: 502,
    ko: '호스트에 iptables가 없습니다.',
    en: 'The host has no iptables.',
  },
  'host.failed': {
    status: 502,
    ko: '호스트에서 명령을 마치지 못했습니다.',
    en: 'The command did not finish on the host.',
  },
  'file.refused': {
    status: 409,
    ko: '저장할 파일이 안전하지 않아 쓰지 않았습니다.',
    en: 'The file was not written because it is not safe to write to.',
  },
  'trial.pending': {
    status: 409,
    ko: '이 호스트에는 확정을 기다리는 변경이 있습니다. 끝난 뒤에 다시 해 주세요.',
    en: 'A change on this host waits to be confirmed. Try again when it has ended.',
  },
  'trial.notFound': {
    status: 404,
    ko: '호스트에 없는 시험 적용입니다.',
    en: 'The host knows no such trial.',
  },
  'trial.over': {
    status: 409,
    ko: '이미 끝난 시험 적용입니다. 결과를 확인해 주세요.',
    en: 'The trial is over. Look at its outcome.',
  },
  'trial.secret': {
    status: 403,
    ko: '이 변경을 적용한 사람만 확정할 수 있습니다.',
    en: 'Only whoever applied this change can confirm it.',
  },
  'trial.connection': {
    status: 409,
    ko: '적용하기 전에 맺은 연결로는 확정할 수 없습니다. 새 연결로 다시 해 주세요.',
    en: 'A connection from before the change proves nothing. Confirm over a new one.',
  },
  'sshguard.notBlocked': {
    status: 404,
    ko: 'SSHGUARD가 지금 차단하지 않는 주소입니다.',
    en: 'SSHGUARD does not block this address now.',
  },
  'chain.known': {
    status: 409,
    ko: '이름으로 주인을 아는 Chain이라 표시를 바꿀 수 없습니다.',
    en: 'Whose chain this is is known by its name, so its mark cannot be changed.',
  },
  'trial.unchanged': { status: 409, ko: '지금 Rule과 같습니다.', en: 'The rules are like this already.' },
  'trial.unguarded': {
    status: 503,
    ko: '되돌릴 준비를 하지 못해 바꾸지 않았습니다.',
    en: 'Nothing was changed, since the way back could not be prepared.',
  },
  'trial.keyReused': {
    status: 409,
    ko: '같은 요청 번호로 다른 변경이 왔습니다.',
    en: 'Another change came with the same request key.',
  },
  'trial.pathLost': {
    status: 409,
    ko: '이 변경은 호스트로 가는 길을 끊습니다. 알고도 적용하려면 호스트 이름을 입력해 주세요.',
    en: 'This change cuts a way to the host. To apply it all the same, type the host’s name.',
  },
  'trial.pathUnknown': {
    status: 409,
    ko: '호스트로 가는 길이 남는지 확인할 수 없습니다. 알고도 적용하려면 그 길을 표시해 주세요.',
    en: 'It cannot be told whether a way to the host survives. To apply it all the same, tick that way.',
  },
  'trial.secretUnknown': {
    status: 409,
    ko: '이 콘솔에는 이 변경을 확정할 열쇠가 없습니다. 되돌리거나, 스스로 되돌아갈 때까지 기다려 주세요.',
    en: 'This console does not hold what confirms this change. Revert it, or wait until it reverts by itself.',
  },
  'routing.stale': {
    status: 409,
    ko: '그 사이에 호스트의 경로가 바뀌었습니다. 새로 읽은 경로를 보고 다시 해 주세요.',
    en: 'The host’s routes have changed meanwhile. Look at the routes read anew and try again.',
  },
  'routing.invalid': {
    status: 400,
    ko: '경로를 그렇게 바꿀 수 없습니다.',
    en: 'The routes cannot be changed like that.',
  },
  'routing.refused': {
    status: 422,
    ko: '호스트가 경로를 받아들이지 않았습니다.',
    en: 'The host did not take the route.',
  },
  'generation.notFound': {
    status: 404,
    ko: '호스트에 없는 세대입니다.',
    en: 'The host has no such generation.',
  },
} as const satisfies Record<string, { status: number; ko: string; en: string }>;
