/** What the browser brings back from the issuer. */
export interface ConsentAnswer {
  readonly code: string;
  readonly state: string;
  readonly iss: string;
}

/** A person at a browser: opens the consent page of the local issuer and chooses there, by the fields of its forms. */
export async function consent(
  authorizationUrl: string,
  chosen: Readonly<Record<string, string>>,
): Promise<ConsentAnswer> {
  const page = await (await fetch(authorizationUrl)).text();
  const request = /name="request" value="([^"]+)"/.exec(page)?.[1];
  if (request === undefined) throw new Error(`no consent page: ${page}`);
  const answer = await fetch(new URL('/authorize', authorizationUrl), {
    ...{ method: 'POST', redirect: 'manual' as const },
    body: new URLSearchParams({ request, ...chosen }),
  });
  const back = new URL(answer.headers.get('location') ?? '').searchParams;
  return { code: back.get('code') ?? '', state: back.get('state') ?? '', iss: back.get('iss') ?? '' };
}
