/** The interface for programs. */
export const referenceKo = {
  reference: {
    text: '이 콘솔이 쓰는 API이며 프로그램도 쓸 수 있습니다. 세션 화면에서 만든 API 토큰을 Authorization: Bearer 헤더에 넣어 보내거나, POST /api/session으로 로그인해 쿠키를 보관하고 모든 요청에 다음 헤더를 넣으세요. 쿠키로 무엇을 바꿀 때에는 이 콘솔의 주소를 Origin으로 넣습니다.',
    filter: '경로나 동작으로 찾기',
    save: 'openapi.json 내려받기',
    fromRole: '{{role}} 이상',
    signedIn: '로그인한 사용자',
    anybody: '누구나',
    parameters: '매개변수',
    inPath: '경로',
    inQuery: '쿼리',
    inHeader: '헤더',
    example: '예: {{summary}}',
    optional: '선택',
    body: '요청 본문',
    answer: '응답 {{status}} {{media}}',
    asItIsMade: '만들어지는 대로 보냅니다.',
    noBody: '본문이 없습니다.',
  },
};
