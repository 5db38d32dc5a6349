/** A token of the cloud at `url`, as a program asks for it. */
export async function cloudToken(
  url: string,
  { accessKeyId, secret }: { accessKeyId: string; secret: string },
): Promise<string> {
  const credential = { id: accessKeyId, secret };
  const answer = await fetch(`${url}/identity/v3/auth/tokens`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      auth: { identity: { methods: ['application_credential'], application_credential: credential } },
    }),
  });
  const token = answer.headers.get('x-subject-token');
  if (token === null) throw new Error(`sign-in answered ${answer.status}`);
  return token;
}
