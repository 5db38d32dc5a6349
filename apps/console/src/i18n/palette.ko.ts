/** The words of the palette. */
export const paletteKo = {
  palette: {
    placeholder: '화면, Instance 이름이나 주소, 할 일',
    found: '찾은 것',
    nothing: '찾은 것이 없습니다',
    pages: '화면',
    instances: 'Instance',
    actions: '실행',
  },
};
