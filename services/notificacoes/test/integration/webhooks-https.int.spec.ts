import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerOptions } from 'node:https';
import { type AddressInfo, createServer as createPlainServer, type Server as NetServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { postar } from '../../src/rede/infrastructure/requisicao.ts';

const run = promisify(execFile);

/** No name server knows it: whoever gets there has asked none. */
const NOME = 'ganchos.invalid';

interface Certificado {
  readonly cert: string;
  readonly key: string;
}

let pasta: string;
let ca: string;
let certificado: (nome: string, dias?: number) => Promise<Certificado>;
const servidores: NetServer[] = [];

beforeAll(async () => {
  pasta = await mkdtemp(join(tmpdir(), 'ganchos-'));
  const em = (nome: string) => join(pasta, nome);
  const curva = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const raiz = ['-keyout', em('ca.key'), '-out', em('ca.pem'), '-subj', '/CN=raiz', '-days', '2'];
  await run('openssl', ['req', '-x509', ...curva, ...raiz]);
  ca = await readFile(em('ca.pem'), 'utf8');
  certificado = async (nome, dias = 1) => {
    await writeFile(em('ext'), `subjectAltName = DNS:${nome}`);
    const pedido = ['-keyout', em('key'), '-out', em('csr'), '-subj', '/CN=receptor'];
    await run('openssl', ['req', ...curva, ...pedido]);
    const assinado = ['-CA', em('ca.pem'), '-CAkey', em('ca.key'), '-CAcreateserial', '-days', `${dias}`];
    await run('openssl', [
      'x509',
      '-req',
      '-in',
      em('csr'),
      ...assinado,
      '-extfile',
      em('ext'),
      '-out',
      em('pem'),
    ]);
    const [cert, key] = await Promise.all([readFile(em('pem'), 'utf8'), readFile(em('key'), 'utf8')]);
    return { cert, key };
  };
});

afterEach(() => {
  for (const servidor of servidores.splice(0)) servidor.close();
});

afterAll(() => rm(pasta, { recursive: true, force: true }));

const porta = (servidor: NetServer) => (servidor.address() as AddressInfo).port;

const ouvir = (servidor: NetServer) =>
  new Promise<void>((resolve) => {
    servidores.push(servidor);
    servidor.listen(0, '127.0.0.1', resolve);
  });

/** A receiver over TLS, and what it sees of each request. */
async function receptor(options: ServerOptions): Promise<{ servidor: Server; vistos: object[] }> {
  const vistos: object[] = [];
  const servidor = createServer(options, ({ headers, socket }, resposta) => {
    const { servername } = socket as TLSSocket & { servername: string };
    vistos.push({ host: headers.host, servername });
    resposta.writeHead(204).end();
  });
  await ouvir(servidor);
  return { servidor, vistos };
}

const pedir = (servidor: NetServer, outros: Partial<Parameters<typeof postar>[0]> = {}) =>
  postar({
    url: new URL(`https://${NOME}:${porta(servidor)}/x`),
    enderecos: ['127.0.0.1'],
    ...{ cabecalhos: {}, corpo: '{}', prazo: AbortSignal.timeout(5_000), ca },
    ...outros,
  });

describe('a receiver over TLS', () => {
  it('is reached at the address that was judged, by the name that its certificate has', async () => {
    const { servidor, vistos } = await receptor(await certificado(NOME));
    expect(await pedir(servidor)).toMatchObject({ status: 204 });
    expect(vistos).toEqual([{ host: `${NOME}:${porta(servidor)}`, servername: NOME }]);
  });

  it('is reached at another one of its addresses when the first does not answer', async () => {
    const { servidor } = await receptor(await certificado(NOME));
    expect(await pedir(servidor, { enderecos: ['127.0.0.2', '127.0.0.1'] })).toMatchObject({ status: 204 });
  });

  it.each<[string, () => Promise<ServerOptions>, RegExp]>([
    ['another name', () => certificado('outro.invalid'), /ERR_TLS_CERT_ALTNAME_INVALID/],
    ['a name above it', () => certificado('invalid'), /ERR_TLS_CERT_ALTNAME_INVALID/],
    ['no name but an old time', () => certificado(NOME, -1), /CERT_HAS_EXPIRED/],
  ])('with a certificate of %s is sent nothing', async (_, options, porque) => {
    const { servidor, vistos } = await receptor(await options());
    await expect(pedir(servidor)).rejects.toMatchObject({ code: expect.stringMatching(porque) });
    expect(vistos).toEqual([]);
  });

  it('whose certificate nobody believes is sent nothing', async () => {
    const { servidor, vistos } = await receptor(await certificado(NOME));
    const semCa = { url: new URL(`https://${NOME}:${porta(servidor)}/x`), enderecos: ['127.0.0.1'] };
    const pedido = postar({ ...semCa, cabecalhos: {}, corpo: '{}', prazo: AbortSignal.timeout(5_000) });
    await expect(pedido).rejects.toMatchObject({
      code: expect.stringMatching(/UNABLE_TO_VERIFY|SELF_SIGNED/),
    });
    expect(vistos).toEqual([]);
  });

  it('that speaks no TLS is sent nothing that can be read', async () => {
    const lidos: Buffer[] = [];
    const servidor = createPlainServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', (parte) => {
        lidos.push(parte);
        socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
      });
    });
    await ouvir(servidor);
    await expect(pedir(servidor, { corpo: 'segredo' })).rejects.toThrow();
    expect(Buffer.concat(lidos).includes('segredo')).toBe(false);
  });
});
