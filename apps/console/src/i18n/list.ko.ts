/** Words of what opens over a list: its filters and its columns. */
export const listKo = {
  list: {
    filters: '필터',
    findValue: '값 찾기',
    found: '{{count}}개가 맞습니다',
    noFilter: '걸린 필터가 없습니다.',
    showAll: '{{count}}개 모두 보기',
    columns: '열 고르기',
    shown: '보이는 열',
    width: '폭 ({{min}}–{{max}}px)',
    widthOf: '{{column}} 폭',
    widthWrong: '{{min}}에서 {{max}} 사이의 정수',
    automatic: '자동',
    kept: '내 계정에 저장됩니다.',
    usual: '기본값으로',
    isUsual: '이미 기본값입니다.',
  },
};
