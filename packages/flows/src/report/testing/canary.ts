import { expect, test } from '../../fixtures.ts';

const secret = process.env.MORU_ADMIN_SECRET ?? '';

test('types its key, says it, and fails', { tag: '@anywhere' }, async ({
  page,
  context,
  outside,
  signInAs,
}) => {
  await outside.rulesOf('web-01');
  await signInAs('admin');
  await context.clearCookies();
  await page.goto('/');
  const form = page.getByTestId('sign-in-form');
  await form.getByLabel('액세스 키 ID').fill(process.env.MORU_ADMIN_KEY_ID ?? '');
  await form.getByLabel('보안 액세스 키').fill(secret);
  await form.getByRole('button', { name: '로그인' }).click();
  await expect(page.getByTestId('instance-row').first()).toBeVisible();
  process.stdout.write(`said: ${secret}\n`);
  await test.step(`a step with ${secret}`, async () => {
    expect(secret, `a message with ${secret}`).toBe('');
  });
});

test('makes a rule', {
  tag: '@anywhere',
  annotation: { type: 'changes', description: 'the rules of web-01' },
}, () => {
  throw new Error('not to be run without leave');
});

test('looks into its installation', ({ installation }) => {
  expect(installation).toBeNull();
});
