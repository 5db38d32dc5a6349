/** Sessions, their end, and the key that is asked for once more. */
export const sessionsKo = {
  sessions: {
    text: '지금 이 계정으로 로그인되어 있는 곳입니다. 모르는 기기가 있으면 끝내고, 액세스 키를 바꾸세요.',
    device: '기기',
    unknownDevice: '알 수 없는 기기',
    current: '이 세션',
    address: '로그인한 주소',
    begun: '로그인',
    used: '마지막 사용',
    ends: '끝나는 때',
    end: '끝내기',
    endOf: '{{device}} 세션 끝내기',
    ended: '세션을 끝냈습니다',
    endAll: '모든 곳에서 로그아웃',
    endAllText: '이 계정의 세션 {{total}}개가 모두 끝납니다. 이 브라우저에서도 다시 로그인해야 합니다.',
    endAllDrafts:
      '아직 적용하지 않은 초안은 남습니다. 시험 중인 변경은 유지하지 않으면 호스트가 스스로 되돌립니다.',
    endAllSubmit: '모두 로그아웃',
  },
  proof: {
    irrevocableTitle: '액세스 키 확인',
    irrevocableText:
      '되돌릴 수 없는 일을 하려고 합니다. 마지막으로 키를 확인한 지 15분이 지나 다시 확인합니다. 확인하면 방금 누른 일이 이어집니다.',
    endingTitle: '세션 이어 가기',
    endingText: '액세스 키를 다시 확인하면 지금 화면 그대로 이어집니다.',
    submit: '확인하고 계속',
  },
  ending: {
    left: '{{minutes}}분 뒤에 세션이 끝납니다.',
    text: '{{time}}까지입니다. 그 뒤에 다시 로그인해도 보던 화면과 초안은 남아 있습니다.',
    spoken: '세션이 {{time}}에 끝납니다.',
    spokenLast: '1분 안에 세션이 끝납니다. {{time}}까지입니다.',
    stay: '세션 이어 가기',
    idleText: '한동안 쓰지 않았습니다. 화면을 쓰면 {{time}} 뒤에도 이어집니다.',
    use: '계속 사용',
  },
};
