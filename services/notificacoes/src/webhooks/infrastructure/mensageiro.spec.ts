import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createPlainServer, type Server as NetServer } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import { systemClock } from '@plataforma/domain/clock';
import type { WebhookTomado } from '../application/ports.ts';
import { ChavesDeAssinatura } from './chaves.ts';
import { MensageiroHttp } from './mensageiro.ts';

const chaves = new ChavesDeAssinatura([Buffer.alloc(32, 1)]);
const { selada: chave } = chaves.nova('whk_1', 'HMAC');
const entrega = { eventoId: 'e1', tipo: 'RESERVA_CRIADA', corpo: '{}', tentativas: 0, desde: new Date() };
/** Writes an answer as it is; without a status a line. */
type Cru = (status: number, cabecalhos: string, corta?: boolean) => void;

function gotejar(cru: Cru): void {
  cru(0, 'HTTP/1.1 200 OK');
  setInterval(() => cru(0, 'x: y'), 20).unref();
}

const servidores: Server[] = [];
const simples: NetServer[] = [];

const webhook = (url: string): WebhookTomado => ({
  ...{ id: 'whk_1', url, assinatura: 'HMAC', chave, posse: 'p', falhas: 0 },
  ...{ chaveAnterior: undefined, chaveAnteriorAte: undefined, falhandoDesde: undefined },
});

/** A sender for which every name stands for these addresses, one list a look. */
function mensageiro(...respostas: string[][]) {
  const vistos: string[] = [];
  const resolvedor = {
    async enderecos(nome: string) {
      vistos.push(nome);
      const resposta = respostas.length > 1 ? respostas.shift() : respostas[0];
      if (!resposta) throw new Error(`"${nome}" has no address`);
      return resposta;
    },
  };
  const deps = { clock: systemClock, chaves, resolvedor, prazoMs: 1_000 };
  return {
    vistos,
    fora: new MensageiroHttp({ ...deps, permiteLocal: false }),
    local: new MensageiroHttp({ ...deps, permiteLocal: true }),
  };
}

async function receptor(atender: RequestListener): Promise<string> {
  const servidor = createServer(atender);
  servidores.push(servidor);
  await new Promise<void>((resolve) => void servidor.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(servidor.address() as AddressInfo).port}/ganchos?de=nós`;
}

afterEach(() => {
  for (const servidor of servidores.splice(0)) {
    servidor.closeAllConnections();
    servidor.close();
  }
  for (const servidor of simples.splice(0)) servidor.close();
});

describe('a name', () => {
  it.each([
    ['a private address', ['10.0.0.1']],
    ['this machine', ['127.0.0.1']],
    ['metadata of clouds', ['169.254.169.254']],
    ['IPv6 loopback', ['::1']],
    ['IPv4 in IPv6', ['::ffff:10.0.0.1']],
    ['unique local', ['fd00::1']],
    ['a public address and one that is not', ['1.1.1.1', '192.168.0.1']],
    ['one that is not and a public address', ['fe80::1', '2606:4700::1']],
  ])('that stands for %s is not connected to', async (_, enderecos) => {
    const { fora, local } = mensageiro(enderecos);
    for (const mensageiro of [fora, local])
      expect(await mensageiro.enviar(webhook('https://exemplo.com/'), entrega)).toMatchObject({
        resultado: { tipo: 'INACESSIVEL' },
        erro: 'not a public address',
      });
  });

  it('is looked up anew at each attempt: what was public a moment ago may be inside now', async () => {
    const { fora, vistos } = mensageiro([], ['10.0.0.1']);
    await fora.enviar(webhook('https://exemplo.com/'), entrega);
    const depois = await fora.enviar(webhook('https://exemplo.com/'), entrega);
    expect(depois.erro).toBe('not a public address');
    expect(vistos).toEqual(['exemplo.com', 'exemplo.com']);
  });

  it('that nobody knows is a failure', async () => {
    const { fora } = mensageiro();
    const { erro } = await fora.enviar(webhook('https://exemplo.com/'), entrega);
    expect(erro).toContain('"exemplo.com" has no address');
  });
});

describe('an address that is stored, and no longer allowed', () => {
  it.each([
    'http://127.0.0.1:1/',
    'https://127.0.0.1/',
    'https://user@exemplo.com/',
    'https://exemplo.com:22/',
  ])('is not connected to: %s', async (url) => {
    const { fora, vistos } = mensageiro(['1.1.1.1']);
    expect(await fora.enviar(webhook(url), entrega)).toMatchObject({
      resultado: { tipo: 'INACESSIVEL' },
      erro: expect.stringContaining('não pode receber'),
    });
    expect(vistos).toEqual([]);
  });
});

describe('a receiver', () => {
  const { local } = mensageiro();
  const enviar = async (atender: RequestListener) => local.enviar(webhook(await receptor(atender)), entrega);

  it('gets one signed POST, and its answer is kept', async () => {
    const pedidos: object[] = [];
    const tentativa = await enviar((pedido, resposta) => {
      const { method, url, headers } = pedido;
      pedidos.push({ method, url, headers });
      resposta.writeHead(202).end('obrigado\0');
    });
    expect(tentativa).toMatchObject({
      ...{ resultado: { tipo: 'RESPONDIDA', status: 202 }, erro: '', resposta: 'obrigado\uFFFD' },
    });
    expect(pedidos).toMatchObject([
      {
        ...{ method: 'POST', url: '/ganchos?de=n%C3%B3s' },
        headers: {
          ...{ 'webhook-id': 'e1', 'webhook-signature': expect.stringMatching(/^v1,/) },
          ...{
            'content-type': 'application/json',
            'content-length': '2',
            host: expect.stringMatching(/^127/),
          },
        },
      },
    ]);
  });

  it('that redirects is not followed', async () => {
    let pedidos = 0;
    const { resultado } = await enviar((_, resposta) => {
      pedidos += 1;
      resposta.writeHead(307, { location: '/outro' }).end();
    });
    expect([resultado, pedidos]).toEqual([{ tipo: 'RESPONDIDA', status: 307, esperarMs: undefined }, 1]);
  });

  it.each([
    ['120', 120_000],
    ['0', 0],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['logo', undefined],
    ['-1', undefined],
  ])('may ask for patience: %s', async (depois, esperarMs) => {
    const { resultado } = await enviar((_, resposta) => {
      resposta.writeHead(503, { 'retry-after': depois }).end();
    });
    if (esperarMs === undefined && resultado.tipo === 'RESPONDIDA')
      return expect([undefined, 0]).toContain(resultado.esperarMs);
    expect(resultado).toEqual({ tipo: 'RESPONDIDA', status: 503, esperarMs });
  });

  it('that answers without end is read as far as is kept', async () => {
    const { resultado, resposta } = await enviar((_, resposta) => {
      const escrever = () => resposta.write('a'.repeat(65_536), () => setImmediate(escrever));
      escrever();
    });
    expect(resultado).toMatchObject({ status: 200 });
    expect(resposta).toBe('a'.repeat(4_096));
  });

  it('that answers packed is not unpacked', async () => {
    const { resposta } = await enviar((_, resposta) => {
      resposta.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('a'.repeat(1_000_000)));
    });
    expect(resposta.length).toBeLessThan(2_000);
  });

  it.each<[string, RequestListener]>([
    ['nothing', () => undefined],
    ['headers alone', (_, resposta) => void resposta.writeHead(200).flushHeaders()],
    [
      'a body drop by drop',
      (_, resposta) => {
        const gota = setInterval(() => resposta.write('a'), 20);
        resposta.on('close', () => clearInterval(gota));
      },
    ],
  ])('that answers %s keeps nobody longer than the time allows', async (_, atender) => {
    const { resultado, erro, duracaoMs } = await enviar(atender);
    expect([resultado.tipo, erro]).toEqual(['INACESSIVEL', 'no answer in time']);
    expect(duracaoMs).toBeLessThan(5_000);
  });

  it.each<[string, RequestListener]>([
    ['headers without end', (_, resposta) => void resposta.writeHead(200, { x: 'a'.repeat(60_000) }).end()],
    ['what is no HTTP', ({ socket }) => void socket.end('nada de HTTP\r\n\r\n')],
    ['with a cut', ({ socket }) => void socket.destroy()],
  ])('that answers %s is a failure', async (_, atender) => {
    expect(await enviar(atender)).toMatchObject({ resultado: { tipo: 'INACESSIVEL' } });
  });

  it.each<[string, (cru: Cru) => void, string]>([
    ['asks for another protocol', (cru) => cru(101, 'connection: upgrade\r\nupgrade: websocket'), '101'],
    [
      'offers another protocol',
      (cru) => cru(200, 'connection: upgrade\r\nupgrade: h2c\r\ncontent-length: 0'),
      '200',
    ],
    ['has two answers', (cru) => [cru(204, 'x: y'), cru(500, 'content-length: 0')], '204'],
    [
      'never comes to its answer',
      (cru) => void setInterval(() => cru(103, 'link: x'), 5).unref(),
      'no answer in time',
    ],
    ['writes headers one by one', (cru) => gotejar(cru), 'no answer in time'],
    ['cuts its body', (cru) => cru(200, 'content-length: 10\r\n\r\nabc', true), 'ECONNRESET'],
    ['counts its body wrongly', (cru) => cru(200, 'transfer-encoding: chunked\r\n\r\nzz'), 'HPE_'],
  ])('that %s keeps no place for ever', async (_, falar, desfecho) => {
    const servidor = createPlainServer((socket) => {
      socket.on('error', () => undefined);
      const cru: Cru = (status, cabecalhos, corta = false) => {
        if (socket.destroyed) return;
        socket.write(status === 0 ? `${cabecalhos}\r\n` : `HTTP/1.1 ${status} X\r\n${cabecalhos}\r\n\r\n`);
        if (corta) socket.destroySoon();
      };
      socket.once('data', () => falar(cru));
    });
    simples.push(servidor);
    await new Promise<void>((resolve) => void servidor.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(servidor.address() as AddressInfo).port}/`;
    const { resultado, erro, duracaoMs } = await local.enviar(webhook(url), entrega);
    expect(resultado.tipo === 'RESPONDIDA' ? `${resultado.status}` : erro).toContain(desfecho);
    expect(duracaoMs).toBeLessThan(5_000);
  });

  it('that is not there is a failure', async () => {
    const { resultado, erro } = await local.enviar(webhook('http://127.0.0.1:1/'), entrega);
    expect([resultado.tipo, erro]).toEqual(['INACESSIVEL', expect.stringContaining('ECONNREFUSED')]);
  });
});
