import { createHash } from 'node:crypto';
import { expect } from '@jest/globals';
import { Worker } from '@plataforma/runtime/worker';
import type { FixedClock } from '@plataforma/testing/fixed-clock';
import { compactVerify, createRemoteJWKSet } from 'jose';
import { useMfa } from '../mfa/use-mfa.ts';
import { untar } from '../support/archive.ts';
import type { AuthSettings } from '../support/auth-under-test.ts';
import { verificar } from '../support/enderecos.ts';
import { as, pessoa } from '../support/use-auth.ts';

/** auth for the specs of a file, with people who may ask for their data. */
export function useExports(clock: FixedClock, settings: AuthSettings = {}) {
  const { auth, rpc, ...others } = useMfa(clock, settings);

  /** Signed up, with a proved address, and logged in. */
  async function titular() {
    const quem = pessoa();
    const { id } = await rpc.auth.signup(quem);
    await verificar({ auth, rpc }, id);
    return { id, quem, session: await rpc.auth.login(quem) };
  }

  /** Whoever collects, once; of this instance or of another one. */
  async function collect(background = auth.background): Promise<boolean> {
    const worker = background.find((one) => one.name === 'exportacoes');
    if (!(worker instanceof Worker)) throw new Error('there is no worker that collects');
    return worker.turn();
  }

  async function purge(): Promise<void> {
    const worker = auth.background.find((one) => one.name === 'exportacoes-vencidas');
    if (worker instanceof Worker) await worker.turn(50);
  }

  /** Asked for and collected. */
  async function pronta(pessoaQue?: Awaited<ReturnType<typeof titular>>) {
    const dona = pessoaQue ?? (await titular());
    const { id } = await rpc.exports.requestExport({ password: dona.quem.password }, as(dona.session));
    await collect();
    return { ...dona, exportacao: await rpc.exports.getExport({ exportacaoId: id }, as(dona.session)) };
  }

  /** At the port of auth, whatever the edge is called. */
  const download = (url: string, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${auth.httpPort}${new URL(url).pathname}`, init);

  /** The document and its proof, which is checked as the documentation tells. */
  async function aberta(url: string) {
    const response = await download(url);
    if (response.status !== 200) throw new Error(`the archive was answered ${response.status}`);
    const files = untar(new Uint8Array(await response.arrayBuffer()));
    const texto = files['dados.json']?.toString() ?? '';
    const jws = files['assinatura.jws']?.toString() ?? '';
    const jwks = createRemoteJWKSet(new URL(`http://127.0.0.1:${auth.httpPort}/.well-known/jwks.json`));
    const { payload, protectedHeader } = await compactVerify(jws, jwks, { algorithms: ['RS256'] });
    const declaracao = JSON.parse(Buffer.from(payload).toString());
    expect(protectedHeader.typ).toBe('exportacao+jws');
    expect(declaracao.sha256).toBe(createHash('sha256').update(texto).digest('hex'));
    expect(declaracao.bytes).toBe(Buffer.byteLength(texto));
    return { response, files, texto, jws, declaracao, documento: JSON.parse(texto) };
  }

  return { auth, rpc, ...others, titular, collect, purge, pronta, download, aberta };
}
