import { describe, expect, it } from 'vitest';
import { NetfilterError } from '../error.ts';
import { printRule } from '../print/print.ts';
import { parseRule } from '../read/parse-rule.ts';
import { measuredRules } from '../testing/rule-table.ts';
import {
  emptyInput,
  matchForms,
  type RuleInput,
  ruleFromInput,
  ruleInputOf,
  targetForms,
} from './rule-input.ts';

function roundTrip(text: string, family: 'ipv4' | 'ipv6'): string {
  const input = ruleInputOf(parseRule(text, { family }));
  if (!input) throw new Error(`held as text: ${text}`);
  return printRule(ruleFromInput(input, family));
}

/** Null for what the tool prints and does not read again: `testing/rule-table.ts` names those. */
function readable(text: string, family: 'ipv4' | 'ipv6') {
  try {
    return parseRule(text, { family });
  } catch (error) {
    if (error instanceof NetfilterError) return null;
    throw error;
  }
}

const typedByNobody = ['value.leadingDash inInterface'];

describe('a form', () => {
  it.each(['ipv4', 'ipv6'] as const)('holds every measured rule of %s and gives it back', (family) => {
    const texts = measuredRules(family).flatMap(({ saved }) =>
      saved.filter((line) => line.startsWith('-A ')).map((line) => line.replace(/^-A \S+ ?/, '')),
    );
    expect(texts.length).toBeGreaterThan(200);
    const refused = new Set<string>();
    for (const text of texts) {
      const rule = readable(text, family);
      if (!rule) continue;
      try {
        expect(roundTrip(text, family)).toBe(printRule(rule));
      } catch (error) {
        if (!(error instanceof NetfilterError)) throw error;
        refused.add(`${error.code} ${error.field}`);
      }
    }
    // names and comments that a host may hold and nobody may type
    expect([...refused].sort()).toEqual(typedByNobody);
  });

  it.each([
    '-p tcp -m limit --limit 6/min -m comment --comment "a b" -m tcp --dport 22 -j ACCEPT',
    '-m conntrack --ctstate NEW -m recent --set --name ssh --mask 255.255.255.255 --rsource',
    '-m recent --rcheck --name a --mask 255.255.255.255 --rsource -m recent --set --name b --mask 255.255.255.255 --rsource',
    '-p tcp -m tcp --dport 22 --tcp-flags FIN,SYN,RST,ACK SYN -j DROP',
    '-p tcp -m tcp',
    '-p tcp -m multiport --dports 80:443 -j ACCEPT',
    '-f -g elsewhere',
    '-m string --string "a \\"b\\" c" --algo bm -j LOG --log-prefix "no: "',
    '-m unheard-of --thing x -j UNHEARD --of y',
  ])('keeps the order and the words of %s', (text) => {
    expect(roundTrip(text, 'ipv4')).toBe(text);
  });

  it('shows a further match option by option', () => {
    const input = ruleInputOf(
      parseRule(
        '-p tcp -m tcp --dport 22 -m limit --limit 6/min --limit-burst 9 -m iprange ! --src-range 10.0.0.1-10.0.0.9 -j ACCEPT',
      ),
    );
    expect(input).toMatchObject({
      fields: { protocol: 'tcp', destinationPort: '22', target: 'ACCEPT' },
      matches: [
        {
          name: 'limit',
          options: [
            { option: '--limit', not: false, value: '6/min' },
            { option: '--limit-burst', not: false, value: '9' },
          ],
        },
        { name: 'iprange', options: [{ option: '--src-range', not: true, value: '10.0.0.1-10.0.0.9' }] },
      ],
    });
  });

  const limit = (value: string): RuleInput => ({
    ...emptyInput({ protocol: 'tcp', destinationPort: '22', target: 'ACCEPT' }),
    matches: [{ key: 'limit 1', name: 'limit', options: [{ option: '--limit', not: false, value }] }],
  });

  it('adds a match behind what was there', () => {
    expect(printRule(ruleFromInput(limit('6/minute')))).toBe(
      '-p tcp -m tcp --dport 22 -m limit --limit 6/min -j ACCEPT',
    );
  });

  it.each([
    [limit('often'), { field: 'matches.limit 1', code: 'rate.invalid', params: { option: '--limit' } }],
    [limit(' '), { field: 'matches.limit 1', code: 'option.required', params: { option: '--limit' } }],
    [
      { ...limit('6/min'), fields: { destinationPort: '22' } },
      { field: 'destinationPort', code: 'protocol.needed' },
    ],
    [{ ...emptyInput({ source: '10.0.0.300' }) }, { field: 'source', code: 'address.invalid' }],
    [
      {
        ...emptyInput({ target: 'REJECT' }),
        targetOptions: [{ option: '--reject-with', not: false, value: 'x' }],
      },
      { field: 'target' },
    ],
  ])('%# says where it is wrong', (input, error) => {
    let thrown: unknown;
    try {
      ruleFromInput(input);
    } catch (caught) {
      thrown = caught;
    }
    expect(thrown).toBeInstanceOf(NetfilterError);
    expect(thrown).toMatchObject(error);
  });

  it('offers every match and target with options that are read', () => {
    const names = matchForms().map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['limit', 'iprange', 'mac', 'recent', 'time', 'set']));
    expect(targetForms().map(({ name }) => name)).toEqual(expect.arrayContaining(['REJECT', 'LOG', 'DNAT']));
    expect(matchForms().find(({ name }) => name === 'limit')?.options).toMatchObject([
      { option: '--limit', words: 1, negatable: false },
      { option: '--limit-burst' },
    ]);
  });
});
