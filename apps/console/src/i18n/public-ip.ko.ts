/** The words of what is done to a Public IP from its own list. */
export const publicIpKo = {
  publicIp: {
    taken: {
      connect: '이미 연결된 주소입니다. 먼저 연결을 해제해 주세요.',
      delete: '연결된 주소입니다. 먼저 연결을 해제해 주세요.',
    },
    idle: '아무 데도 연결되지 않은 주소입니다.',
    elsewhere: 'Instance가 아닌 자원에 연결되어 있어 여기에서는 해제할 수 없습니다.',
    idleOnly: '유휴 주소만',
    noneIdle: '유휴 주소가 없습니다',
    noneIdleText: '가진 주소가 모두 연결되어 있습니다.',
    connectTitle: 'Public IP를 연결할 Instance',
    chooseInstance: '연결할 Instance를 선택해 주세요.',
    findInstance: 'Instance 이름이나 주소로 찾기',
    instances: '연결할 Instance',
    more: '{{total}}개가 더 있습니다. 이름이나 주소로 찾아 주세요.',
    next: '다음',
    deleteTitle: 'Public IP 삭제',
    deleted: 'Public IP를 삭제했습니다',
    others: '이 주소를 적어 둔 DNS 레코드와 허용 목록은 나중에 다른 사람의 주소를 가리킬 수 있습니다.',
    billing: '삭제하면 요금도 더 나오지 않습니다.',
  },
};
