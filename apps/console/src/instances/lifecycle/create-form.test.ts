import { expect, test } from 'vitest';
import { emptyForm, none, wantedOf } from './create-form.ts';

const whole = { ...emptyForm, name: ' batch-02 ', flavorId: 'f-1', imageId: 'i-1', subnet: 's-1' };

test('what is asked for: the second interface and the key pair only where they are chosen', () => {
  expect(wantedOf(whole)).toEqual({
    name: 'batch-02',
    flavorId: 'f-1',
    imageId: 'i-1',
    subnets: [{ subnetId: 's-1' }],
  });
  expect(wantedOf({ ...whole, secondSubnet: 's-2', keyName: 'ops' })).toMatchObject({
    subnets: [{ subnetId: 's-1' }, { subnetId: 's-2' }],
    keyName: 'ops',
  });
});

test.each([
  { name: 'a' },
  { name: 'two--dashes' },
  { flavorId: '' },
  { imageId: '' },
  { subnet: '', secondSubnet: 's-2' },
])('not with %o', (change) => {
  expect(wantedOf({ ...whole, ...change })).toBeNull();
  expect(wantedOf({ ...whole, secondSubnet: none })).not.toBeNull();
});
