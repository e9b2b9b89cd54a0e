import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../../../..');

const SOURCES = globSync(['services/*/src/**/*.ts', 'services/shared/{domain,runtime}/src/**/*.ts'], {
  cwd: ROOT,
}).filter((file) => !file.endsWith('.spec.ts') && !file.includes('node_modules'));

/** What follows a call such as `createHash(`, by file. */
function calls(pattern: RegExp): { file: string; said: string }[] {
  return SOURCES.flatMap((file) => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    return [...text.matchAll(pattern)].map(([, said = '']) => ({ file, said: constantOf(said, text) }));
  });
}

/** What a constant of the file stands for. */
function constantOf(said: string, text: string): string {
  return (/^\w+$/.test(said) && new RegExp(`const ${said} = ('[^']*')`).exec(text)?.[1]) || said;
}

describe('cryptography of the services', () => {
  it('encrypts with AES-256-GCM alone (ASVS 11.3.1, 11.3.2)', () => {
    const used = calls(/create(?:Cipher|Decipher)iv\(\s*([^,]+),/g);
    expect(used.filter(({ said }) => said !== "'aes-256-gcm'")).toEqual([
      // For browsers, which read what RFC 8291 says and nothing else.
      { file: 'services/notificacoes/src/canais/infrastructure/push/aes128gcm.ts', said: "'aes-128-gcm'" },
    ]);
  });

  it('hashes, authenticates and derives keys with SHA-256 alone, but for what Twilio signs (ASVS 11.4.1, 11.4.3)', () => {
    const used = calls(/((?:createHash|createHmac|hkdfSync|crypto\.hash)\(\s*[^,)]+)[,)]/g);
    const others = used.filter(({ said }) => !said.endsWith("'sha256'"));
    expect(others).toEqual([
      // Its callbacks are authenticated by HMAC with SHA-1, and by nothing else that every account has.
      {
        file: 'services/notificacoes/src/retornos/infrastructure/provedores/twilio.ts',
        said: "createHmac('sha1'",
      },
    ]);
  });

  it('takes nothing of Math.random but the length of a pause (ASVS 6.5.3, 11.5.1)', () => {
    expect([...new Set(calls(/(Math\.random)/g).map(({ file }) => file))].sort()).toEqual([
      'services/pagamentos/src/stripe/infrastructure/stripe-gateway.ts',
      'services/pagamentos/src/trabalhos/application/backoff.ts',
      'services/shared/runtime/src/postgres/transaction.ts',
      'services/shared/runtime/src/workers/worker.ts',
    ]);
  });
});
