/** What can be wrong with a rule, a command or a file: netfilter's codes in words. */
export const findingsKo = {
  fieldError: {
    other: '값을 확인해 주세요.',
    required: '값을 입력해 주세요.',
    type: '값의 형식이 맞지 않습니다.',
    format: '값의 형식이 맞지 않습니다.',
    tooBig: '너무 큽니다. {{maximum}} 이하여야 합니다.',
    tooSmall: '너무 작습니다. {{minimum}} 이상이어야 합니다.',
    save: {
      tableExpected: 'table의 첫 줄이 없습니다.',
      tableUnknown: '이 화면에서 고치는 table이 아닙니다.',
      tableTwice: '같은 table이 두 번 있습니다.',
      chainHeader: 'Chain의 줄을 읽을 수 없습니다.',
      chainTwice: '같은 Chain이 두 번 있습니다.',
      chainUnknown: '위에서 선언하지 않은 Chain입니다.',
      policy: '이 Chain의 기본정책이 될 수 없습니다.',
      counters: '카운터를 읽을 수 없습니다.',
      commit: 'table이 COMMIT 줄로 끝나지 않았습니다.',
      command: '여기에는 -A 줄이나 COMMIT만 올 수 있습니다.',
    },
    address: {
      invalid: '주소를 읽을 수 없습니다. 예: 203.0.113.7, 10.10.0.0/24',
      mask: '주소 뒤의 마스크가 맞지 않습니다. 예: /24',
      several: '주소 하나만 입력해 주세요.',
      placeholder: '자리만 잡아 둔 주소라 어떤 패킷과도 일치하지 않습니다. 서버의 주소를 입력하세요.',
      family: 'IPv4 주소를 입력해 주세요.',
    },
    protocol: {
      unknown: '모르는 Protocol입니다.',
      all: '이 조건에는 Protocol을 골라야 합니다.',
      needed: 'Port를 쓰려면 Protocol을 tcp나 udp로 골라 주세요.',
    },
    port: {
      invalid: 'Port는 0부터 65535까지입니다. 예: 22, 80:443, 22,80',
      reversed: '범위의 앞이 뒤보다 큽니다.',
      tooMany: 'Port는 한 번에 15개까지 쓸 수 있습니다.',
    },
    interface: {
      length: '인터페이스 이름은 15자까지입니다.',
      characters: '인터페이스 이름에 쓸 수 없는 글자가 있습니다.',
      inOutput: '{{chain}} Chain에서는 들어오는 인터페이스를 쓸 수 없습니다.',
      outInput: '{{chain}} Chain에서는 나가는 인터페이스를 쓸 수 없습니다.',
    },
    comment: {
      control: '설명은 한 줄이어야 하며 제어 문자를 쓸 수 없습니다.',
      length: '설명이 너무 깁니다. {{max}}바이트까지 쓸 수 있습니다.',
    },
    value: {
      leadingDash: '“-”로 시작하는 값은 쓸 수 없습니다.',
      control: '제어 문자는 쓸 수 없습니다.',
    },
    option: {
      value: '값이 맞지 않습니다.',
      negated: '여기에는 “!”를 쓸 수 없습니다.',
      required: '값을 입력해 주세요.',
      glued: '옵션과 값 사이를 띄어 써 주세요. 이 버전의 iptables는 붙여 쓴 값을 다르게 읽습니다.',
      withCommand: '이 명령에는 쓸 수 없는 옵션입니다.',
      inRestore: '복원 파일 안에서는 쓸 수 없는 옵션입니다.',
    },
    shell: {
      expansion: '셸이 바꿔 넣는 표현은 쓸 수 없습니다. 값을 그대로 입력해 주세요.',
      construct: '여기에 쓸 수 없는 셸 문법입니다.',
    },
    command: {
      missing: '무엇을 할지 정하는 옵션이 없습니다. 예: -A, -D, -L',
      several: '명령은 한 번에 하나만 쓸 수 있습니다.',
      unknown: '여기에서 쓸 수 없는 프로그램입니다.',
    },
    route: { command: '읽을 수 없는 route 명령입니다.' },
    chain: {
      missing: '없는 Chain입니다: {{chain}}',
      name: '쓸 수 없는 Chain 이름입니다.',
      builtIn: '기본 Chain은 지우거나 이름을 바꿀 수 없습니다: {{chain}}',
      case: '대소문자만 다른 이름이 이미 쓰입니다: {{name}}',
      depth: 'Chain이 너무 깊이 이어집니다. {{max}}단계까지 쓸 수 있습니다.',
      exists: '이미 있는 Chain입니다: {{chain}}',
      inUse: '이 Chain으로 보내는 Rule이 있습니다: {{by}} {{number}}번',
      loop: 'Chain이 되돌아옵니다: {{path}}',
      notEmpty: 'Chain에 Rule이 남아 있습니다: {{rules}}개',
      reserved: 'Target이나 기본 Chain이 쓰는 이름입니다.',
    },
    position: {
      invalid: 'Rule 번호는 1부터입니다.',
      range: '{{position}}번 Rule이 없습니다. 이 Chain에는 Rule이 {{length}}개 있습니다.',
    },
    dialect: {
      option: '이 호스트의 iptables {{dialect}} 버전은 {{option}} 옵션을 모릅니다.',
      value: '이 호스트의 iptables {{dialect}} 버전에서는 쓸 수 없는 값입니다.',
      kernel: '이 호스트의 iptables {{dialect}} 버전에서는 적용할 수 없는 조건입니다.',
      installed: '이 호스트의 iptables {{dialect}} 버전은 {{option}} 옵션을 다른 Rule로 바꿔 적용합니다.',
      saved:
        '이 호스트의 iptables {{dialect}} 버전은 {{option}} 옵션을 잘못 저장하여, 다시 불러오면 다른 Rule이 됩니다.',
    },
    extension: { family: '{{name}} 조건은 {{family}}에서만 쓸 수 있습니다.' },
    target: {
      missing: '매칭동작을 골라 주세요.',
      unknown: '모르는 매칭동작입니다.',
      place: '{{chain}} Chain에서는 쓸 수 없는 매칭동작입니다.',
      tcpReset: 'tcp-reset은 tcp에만 쓸 수 있습니다.',
    },
    rule: {
      duplicate: '{{number}}번 Rule과 같습니다.',
      missing: '같은 Rule이 없습니다: {{rule}}',
      neverMatches: '어떤 패킷과도 일치하지 않는 조건입니다.',
      notModelled: '콘솔이 다 알지 못하는 조건이 있습니다.',
    },
    plan: {
      escapedRule:
        '{{chain}} Chain의 {{number}}번 Rule에는 제어 문자가 있어 지금 자리에 그대로만 둘 수 있습니다.',
      foreignChain: '{{chain}} Chain은 다른 프로그램의 것이라 여기에서 바꾸지 않습니다.',
      notRestorable:
        '{{chain}} Chain의 {{number}}번 Rule에는 제어 문자가 있어 되돌려도 그대로 살아나지 않습니다.',
    },
  },
};
