import { hostProblems } from './host-problems.ts';

/**
 * Everything that can go wrong, by code: the HTTP status it travels with and what a person is told.
 * One list for the agent, the BFF and the console, so that a code is never shown without words.
 * `{name}` in a text is replaced by the problem's `params`.
 */
export const problemCatalog = {
  'input.invalid': {
    status: 400,
    ko: '입력한 값을 확인해 주세요.',
    en: 'Check the values that you entered.',
  },
  'input.malformed': {
    status: 400,
    ko: '요청을 읽을 수 없습니다.',
    en: 'The request could not be read.',
  },
  'body.tooLarge': { status: 413, ko: '요청이 너무 큽니다.', en: 'The request is too large.' },
  'idempotency.reused': {
    status: 422,
    ko: '이 멱등성 키는 다른 요청에 이미 쓰였습니다.',
    en: 'This idempotency key was used for another request already.',
  },
  'idempotency.unanswered': {
    status: 409,
    ko: '같은 멱등성 키의 요청이 진행 중이거나 답을 남기지 못하고 끊겼습니다. 무엇이 바뀌었는지 먼저 확인해 주세요.',
    en: 'A request with this idempotency key is under way, or was cut off before its answer was kept. Look at what it changed first.',
  },
  'session.required': { status: 401, ko: '로그인이 필요합니다.', en: 'Sign in first.' },
  'session.expired': {
    status: 401,
    ko: '세션이 끝났습니다. 다시 로그인해 주세요.',
    en: 'The session has ended. Sign in again.',
  },
  'credentials.invalid': {
    status: 401,
    ko: '액세스 키 ID나 보안 액세스 키가 맞지 않습니다.',
    en: 'The access key ID or the secret is wrong.',
  },
  'session.notFound': { status: 404, ko: '이미 끝난 세션입니다.', en: 'This session is already over.' },
  'session.proofNeeded': {
    status: 403,
    ko: '되돌릴 수 없는 일입니다. 액세스 키를 다시 확인한 뒤에 할 수 있습니다.',
    en: 'This cannot be taken back. Confirm your access key again first.',
  },
  'apiToken.refused': {
    status: 403,
    ko: 'API 토큰으로는 세션과 토큰을 다룰 수 없습니다. 콘솔에서 해 주세요.',
    en: 'Sessions and tokens cannot be managed with an API token. Use the console.',
  },
  'credentials.otherUser': {
    status: 403,
    ko: '지금 로그인한 사용자의 액세스 키가 아닙니다.',
    en: 'This access key belongs to somebody else than the user who is signed in.',
  },
  'role.insufficient': {
    status: 403,
    ko: '프로젝트 관리자만 할 수 있습니다.',
    en: 'Only project admins can do this.',
  },
  'origin.refused': {
    status: 403,
    ko: '이 콘솔의 주소에서 보낸 요청이 아닙니다.',
    en: 'The request did not come from this console’s own address.',
  },
  'header.missing': {
    status: 403,
    ko: '콘솔 밖에서 보낸 요청입니다.',
    en: 'The request was not sent by the console.',
  },
  'rate.limited': {
    status: 429,
    ko: '시도가 너무 많습니다. 잠시 뒤에 다시 해 주세요.',
    en: 'Too many attempts. Try again in a moment.',
  },
  'route.unknown': { status: 404, ko: '없는 주소입니다.', en: 'There is nothing at this address.' },
  'instance.notFound': { status: 404, ko: 'Instance를 찾을 수 없습니다.', en: 'No such instance.' },
  'instance.state': {
    status: 409,
    ko: '지금 Instance 상태에서는 할 수 없습니다.',
    en: 'The instance’s state does not allow this.',
  },
  'instance.refused': {
    status: 409,
    ko: '지금은 이 Instance를 만들 수 없습니다. 클라우드의 답을 확인해 주세요.',
    en: 'This instance cannot be created now. See what the cloud says.',
  },
  'keyPair.exists': {
    status: 409,
    ko: '같은 이름의 키 페어가 있습니다.',
    en: 'There is a key pair of this name already.',
  },
  'keyPair.notFound': { status: 404, ko: '키 페어를 찾을 수 없습니다.', en: 'No such key pair.' },
  'networkInterface.notFound': {
    status: 404,
    ko: '이 Instance에 없는 네트워크 인터페이스입니다.',
    en: 'The instance has no such network interface.',
  },
  'networkInterface.hasPublicIp': {
    status: 409,
    ko: '이 네트워크 인터페이스에는 이미 Public IP가 있습니다.',
    en: 'This network interface already has a Public IP.',
  },
  'networkInterface.noPublicIp': {
    status: 409,
    ko: '이 네트워크 인터페이스에는 Public IP가 없습니다.',
    en: 'This network interface has no Public IP.',
  },
  'publicIp.notFound': { status: 404, ko: 'Public IP를 찾을 수 없습니다.', en: 'No such Public IP.' },
  'publicIp.inUse': {
    status: 409,
    ko: '다른 곳에 연결된 Public IP입니다.',
    en: 'This Public IP is connected elsewhere.',
  },
  'publicIp.changed': {
    status: 409,
    ko: '그 사이에 이 인터페이스의 Public IP가 바뀌었습니다. 지금 주소를 확인해 주세요.',
    en: 'The Public IP of this interface has changed meanwhile. Look at the address that it has now.',
  },
  'publicIp.described': {
    status: 409,
    ko: '그 사이에 누군가 설명을 바꿨습니다. 지금 설명을 확인해 주세요.',
    en: 'Somebody has changed the description meanwhile. Look at what it says now.',
  },
  'publicIp.pending': {
    status: 409,
    ko: 'Public IP를 연결하는 중입니다. 끝난 뒤에 다시 해 주세요.',
    en: 'The Public IP is still being connected. Try again when that is done.',
  },
  'publicIp.poolEmpty': {
    status: 409,
    ko: '더 만들 수 있는 Public IP가 없습니다.',
    en: 'No more Public IPs can be created.',
  },
  'publicIp.detachedNotDeleted': {
    status: 502,
    ko: '연결은 해제했지만 Public IP를 삭제하지 못했습니다. 요금이 계속 나옵니다.',
    en: 'Disconnected, but the Public IP could not be deleted. It is still billed.',
  },
  'publicIp.detachedNotAttached': {
    status: 502,
    ko: '연결은 해제했지만 새 곳에 연결하지 못했습니다. Public IP는 어디에도 연결되어 있지 않습니다.',
    en: 'Disconnected, but the Public IP could not be connected to its new place. It is connected nowhere.',
  },
  'operation.pending': {
    status: 409,
    ko: '같은 대상에 대한 다른 작업이 진행 중입니다. 끝난 뒤에 다시 해 주세요.',
    en: 'Another operation on the same thing is under way. Try again when it has ended.',
  },
  'operation.notFound': { status: 404, ko: '없는 작업입니다.', en: 'There is no such operation.' },
  'operation.changed': {
    status: 409,
    ko: '그 사이에 작업의 상태가 바뀌었습니다. 지금 상태를 확인해 주세요.',
    en: 'The operation has changed meanwhile. Look at its state now.',
  },
  'rollout.notFound': { status: 404, ko: '없는 배포입니다.', en: 'There is no such roll-out.' },
  'rollout.nothing': {
    status: 400,
    ko: '복사할 Chain이나 Rule이 없습니다.',
    en: 'None of the chosen chains and rules is there to be copied.',
  },
  'rollout.changed': {
    status: 409,
    ko: '미리 보기 뒤에 바뀐 호스트가 있어 시작하지 않았습니다. 다시 확인해 주세요.',
    en: 'Nothing was begun: some hosts are not as the preview had them. Look at it once more.',
  },
  'rollout.unseen': {
    status: 409,
    ko: '경고가 있는 호스트가 있습니다. 경고를 확인했다고 표시해 주세요.',
    en: 'Some hosts have warnings. Say that you have seen them.',
  },
  'rollout.cutsOff': {
    status: 409,
    ko: '이 호스트로 가는 접속이 끊기므로 배포하지 않습니다.',
    en: 'The rules would cut off this host, so they are not rolled out to it.',
  },
  'rollout.conflict': {
    status: 409,
    ko: '배포 뒤에 같은 Rule이 다르게 바뀌어 되돌릴 수 없습니다.',
    en: 'It cannot be taken back: the same rules were changed in another way since.',
  },
  'rollout.reverted': {
    status: 409,
    ko: '호스트가 이전 Rule로 되돌렸습니다.',
    en: 'The host went back to its rules of before.',
  },
  'rollout.unproven': {
    status: 409,
    ko: '새 연결로 확인되지 않아 이전 Rule로 되돌렸습니다.',
    en: 'A new connection did not prove the rules, so the host went back to those of before.',
  },
  'rollout.stopped': {
    status: 409,
    ko: '중지를 요청해 나머지 호스트를 바꾸지 않았습니다.',
    en: 'Stopped on request. The other hosts were not changed.',
  },
  'rollout.hostFailed': {
    status: 409,
    ko: '한 호스트에서 실패해 멈췄습니다. 나머지 호스트는 바꾸지 않았습니다.',
    en: 'Stopped at the first host that failed. The others were not changed.',
  },
  'draft.changed': {
    status: 409,
    ko: '그 사이에 다른 창에서 초안이 바뀌었습니다.',
    en: 'The draft was changed in another window meanwhile.',
  },
  'upstream.unavailable': {
    status: 502,
    ko: '클라우드 API가 요청을 처리하지 못했습니다.',
    en: 'The cloud’s API could not handle the request.',
  },
  'upstream.timeout': {
    status: 504,
    ko: '클라우드 API가 제때 답하지 않았습니다.',
    en: 'The cloud’s API did not answer in time.',
  },
  'upstream.refused': {
    status: 502,
    ko: '클라우드 API가 요청을 거절했습니다.',
    en: 'The cloud’s API refused the request.',
  },
  'outcome.unknown': {
    status: 504,
    ko: '결과를 알 수 없습니다. 지금 상태를 다시 읽어 확인해 주세요.',
    en: 'The outcome is not known. Read the state again to see what happened.',
  },
  'agent.unreachable': {
    status: 502,
    ko: '호스트의 에이전트에 연결할 수 없습니다.',
    en: 'The agent on the host cannot be reached.',
  },
  'agent.timeout': {
    status: 504,
    ko: '호스트의 에이전트가 제때 답하지 않았습니다.',
    en: 'The agent on the host did not answer in time.',
  },
  'agent.notEnrolled': {
    status: 409,
    ko: '이 호스트에는 등록된 에이전트가 없습니다.',
    en: 'No agent of this host is enrolled.',
  },
  'agent.revoked': {
    status: 409,
    ko: '이 호스트의 에이전트 인증서가 폐기되었습니다. 호스트에서 다시 등록해 주세요.',
    en: 'The certificate of this host’s agent was revoked. Enrol again on the host.',
  },
  'agent.expired': {
    status: 409,
    ko: '이 호스트의 에이전트 인증서가 만료되었습니다. 호스트에서 다시 등록해 주세요.',
    en: 'The certificate of this host’s agent has expired. Enrol again on the host.',
  },
  'agent.incompatible': {
    status: 409,
    ko: '콘솔과 에이전트의 버전 차이가 커서 바꿀 수 없습니다. 오래된 쪽을 업데이트해 주세요.',
    en: 'Console and agent are too many versions apart to change anything. Update the older one.',
  },
  'agent.verbUnknown': {
    status: 409,
    ko: '이 호스트의 에이전트는 이 기능을 모릅니다. 에이전트를 업데이트해 주세요.',
    en: 'The agent on this host does not know how to do this. Update the agent.',
  },
  'request.late': {
    status: 409,
    ko: '너무 늦게 도착한 요청이라 실행하지 않았습니다.',
    en: 'The request arrived too late and was not carried out.',
  },
  'enrolment.unavailable': {
    status: 409,
    ko: '이 설치에는 호스트가 등록할 주소가 설정되어 있지 않습니다.',
    en: 'This installation has no address at which hosts could enrol.',
  },
  'enrolment.notWaiting': {
    status: 409,
    ko: '이 지문으로 등록을 기다리는 호스트가 없습니다.',
    en: 'No host with this fingerprint waits for approval.',
  },
  'enrolment.refused': {
    status: 403,
    ko: '관리자가 이 호스트의 등록을 거절했습니다.',
    en: 'An administrator refused to enrol this host.',
  },
  'enrolment.request': {
    status: 400,
    ko: '인증서 요청이 올바르지 않습니다.',
    en: 'The certificate request is not valid.',
  },
  'enrolment.automatic': {
    status: 403,
    ko: '이 설치에서는 지문을 비교해야만 등록할 수 있습니다.',
    en: 'In this installation somebody has to compare fingerprints before a host is enrolled.',
  },
  'token.invalid': { status: 401, ko: '등록 토큰이 올바르지 않습니다.', en: 'The join token is not valid.' },
  'token.used': {
    status: 409,
    ko: '이미 사용한 등록 토큰입니다. 새 토큰을 만들어 주세요.',
    en: 'The join token was used already. Make a new one.',
  },
  'token.expired': {
    status: 410,
    ko: '만료된 등록 토큰입니다. 새 토큰을 만들어 주세요.',
    en: 'The join token has expired. Make a new one.',
  },
  'token.revoked': {
    status: 410,
    ko: '폐기된 등록 토큰입니다. 새 토큰을 만들어 주세요.',
    en: 'The join token was revoked. Make a new one.',
  },
  'token.notFound': {
    status: 404,
    ko: '쓸 수 있는 등록 토큰이 아닙니다.',
    en: 'There is no such token that could still be used.',
  },
  'certificate.required': {
    status: 401,
    ko: '에이전트의 인증서가 필요합니다.',
    en: 'The agent’s certificate is needed.',
  },
  'certificate.unknown': {
    status: 403,
    ko: '이 설치에서 쓰는 인증서가 아닙니다.',
    en: 'The certificate is none that is in use here.',
  },
  'certificate.revoked': {
    status: 403,
    ko: '폐기된 인증서입니다.',
    en: 'The certificate was revoked.',
  },
  'certificate.expired': {
    status: 403,
    ko: '만료된 인증서입니다. 호스트에서 다시 등록해 주세요.',
    en: 'The certificate has expired. Enrol again on the host.',
  },
  'authority.changed': {
    status: 409,
    ko: '그 사이에 인증 기관 교체가 진행되었습니다. 지금 단계를 확인해 주세요.',
    en: 'The rotation of the authority has gone on meanwhile. Look at its phase now.',
  },
  'authority.needed': {
    status: 409,
    ko: '아직 이전 인증 기관이 필요한 호스트가 있습니다.',
    en: 'There are hosts that still need the old authority.',
  },
  ...hostProblems,
  'audit.unwritable': {
    status: 503,
    ko: '활동 기록을 쓸 수 없어 바꾸지 않았습니다.',
    en: 'Nothing was changed because the activity log cannot be written.',
  },
  'stream.limit': {
    status: 503,
    ko: '실시간 연결이 너무 많습니다. 잠시 뒤에 다시 연결합니다.',
    en: 'Too many live connections. Trying again in a moment.',
  },
  'store.unavailable': {
    status: 503,
    ko: '콘솔의 저장소를 쓸 수 없습니다. 잠시 뒤에 다시 해 주세요.',
    en: 'The console’s store cannot be used now. Try again in a moment.',
  },
  internal: { status: 500, ko: '콘솔 안에서 문제가 생겼습니다.', en: 'Something went wrong in the console.' },
} as const satisfies Record<string, { status: number; ko: string; en: string }>;

export type ProblemCode = keyof typeof problemCatalog;
