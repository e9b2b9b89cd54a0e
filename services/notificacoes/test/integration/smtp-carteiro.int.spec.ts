import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { SmtpCarteiro } from '../../src/canais/infrastructure/email/smtp-carteiro.ts';

const MENSAGEM = {
  id: 'not_1',
  para: { nome: 'Ana', email: 'ana@exemplo.com' },
  assunto: 'Reserva confirmada',
  html: '<p>Sala Ipê</p>',
  texto: 'Sala Ipê',
  anexos: [],
};

let server: Server;
let carteiro: SmtpCarteiro;
let ligados: Socket[];
let linhas: string[];

/** Answers each command by its verb; undefined: says nothing. */
let responder: (verbo: string, socket: Socket) => string | undefined;

beforeEach(async () => {
  ligados = [];
  linhas = [];
  server = createServer((socket) => {
    ligados.push(socket);
    socket.on('error', () => undefined);
    const dizer = (texto: string | undefined) => texto !== undefined && socket.write(`${texto}\r\n`);
    dizer(responder('CONNECT', socket));
    socket.on('data', (bytes) => {
      for (const linha of bytes.toString('latin1').split('\r\n').filter(Boolean)) {
        linhas.push(linha);
        dizer(responder(/^[A-Z]+/.exec(linha)?.[0] ?? linha, socket));
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => {
  jest.useRealTimers();
  carteiro.close();
  for (const socket of ligados) socket.destroy();
  server.close();
});

function criar(acesso = ''): SmtpCarteiro {
  const { port } = server.address() as AddressInfo;
  const remetente = { nome: 'Plataforma', email: 'reservas@plataforma.local' };
  return new SmtpCarteiro({ url: `smtp://${acesso}127.0.0.1:${port}`, remetente, maxConnections: 1 });
}

/** What became of a message: sent, or what kind of failure. */
async function enviar(): Promise<string> {
  const enviada = await carteiro.enviar(MENSAGEM);
  return enviada.isFailure ? enviada.error.tipo : 'sent';
}

const EHLO = '250-local\r\n250 AUTH PLAIN LOGIN';
const RESPOSTAS: Readonly<Record<string, string>> = {
  ...{ CONNECT: '220 local', EHLO, HELO: '250 local', STARTTLS: '502 no', AUTH: '235 in', MAIL: '250 ok' },
  ...{ RCPT: '250 ok', DATA: '354 go on', '.': '250 kept', QUIT: '221 bye' },
};

describe('a server that offers no encryption', () => {
  it.each<[string, Readonly<Record<string, string>>]>([
    ['', {}],
    [', nor knows EHLO', { EHLO: '502 no' }],
  ])('gets neither login nor message from who has a password%s', async (_, outras) => {
    responder = (verbo) => ({ ...RESPOSTAS, ...outras })[verbo];
    carteiro = criar('plataforma:segredo@');
    expect(await enviar()).toBe('INDISPONIVEL');
    expect(linhas.filter((linha) => !/^(EHLO|HELO|STARTTLS|QUIT)/.test(linha))).toEqual([]);
  });

  it('gets the message of who has none', async () => {
    responder = (verbo) => RESPOSTAS[verbo];
    carteiro = criar();
    expect(await enviar()).toBe('sent');
    expect(linhas).toContain('RCPT TO:<ana@exemplo.com>');
  });
});

describe('a server that does not get anywhere', () => {
  /** In a world of which only the timers of the sender are ours, so that the test does not wait for them. */
  const comRelogioNosso = () =>
    jest.useFakeTimers({
      doNotFake: [
        'Date',
        'hrtime',
        'nextTick',
        'performance',
        'queueMicrotask',
        'setImmediate',
        'setInterval',
      ],
    });

  /** What becomes of a message after so long, while the server does what it does. */
  async function depoisDe(ms: number, ateLa: Promise<unknown>): Promise<string> {
    comRelogioNosso();
    const envio = enviar();
    await ateLa;
    jest.advanceTimersByTime(ms);
    jest.useRealTimers();
    const aindaEspera = delay(ms < 45_000 ? 100 : 3_000, 'still at it', { ref: false });
    return Promise.race([envio, aindaEspera]);
  }

  it.each([
    [44_999, 'still at it'],
    [45_000, 'INDISPONIVEL'],
  ])('is given up after 45 seconds although it never stops talking (%i ms)', async (ms, desfecho) => {
    const gotejou = gotejar();
    carteiro = criar();
    expect(await depoisDe(ms, gotejou)).toBe(desfecho);
  });

  it('leaves room for the next message when it is given up', async () => {
    const gotejou = gotejar();
    carteiro = criar();
    await depoisDe(45_000, gotejou);
    responder = (verbo) => RESPOSTAS[verbo];
    expect(await Promise.race([enviar(), delay(3_000, 'no room', { ref: false })])).toBe('sent');
  });

  /** The server answers the first command line by line, for ever; resolves when it has begun to. */
  function gotejar(): Promise<void> {
    const gotejou = Promise.withResolvers<void>();
    responder = (verbo, socket) => {
      if (verbo !== 'EHLO') return RESPOSTAS[verbo];
      const gotas = setInterval(() => socket.write('250-and another thing\r\n'), 5);
      socket.on('close', () => clearInterval(gotas));
      gotejou.resolve();
      return undefined;
    };
    return gotejou.promise;
  }

  it('is not asked again by itself when it hangs up: that is up to the queue', async () => {
    responder = (_, socket) => {
      socket.destroy();
      return undefined;
    };
    carteiro = criar();
    expect(await Promise.race([enviar(), delay(3_000, 'still at it', { ref: false })])).toBe('INDISPONIVEL');
    expect(ligados).toHaveLength(1);
  });

  it('is given up after 10 seconds when it does not greet', async () => {
    const ligou = Promise.withResolvers<void>();
    responder = () => {
      ligou.resolve();
      return undefined;
    };
    carteiro = criar();
    expect(await depoisDe(10_000, ligou.promise)).toBe('INDISPONIVEL');
  });

  it('is given up when it says nothing for 20 seconds', async () => {
    // Those of a socket cannot be faked: here 20 s last a moment, and longer waits do not end.
    const original = Socket.prototype.setTimeout;
    const rapido = jest.spyOn(Socket.prototype, 'setTimeout').mockImplementation(function (
      this: Socket,
      ms: number,
    ) {
      return original.call(this, ms > 20_000 ? 0 : ms / 1_000);
    });
    responder = (verbo) => (verbo === 'EHLO' ? undefined : RESPOSTAS[verbo]);
    carteiro = criar();
    const enviada = Promise.race([enviar(), delay(3_000, 'still at it', { ref: false })]);
    expect(await enviada).toBe('INDISPONIVEL');
    rapido.mockRestore();
  });
});

describe('what a message says', () => {
  it.each<[string, () => object]>([
    ['a file', () => ({ path: import.meta.filename })],
    ['an address', () => ({ href: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` })],
  ])('is not read from %s that it names', async (_, nomeado) => {
    responder = (verbo) => RESPOSTAS[verbo];
    carteiro = criar();
    const texto = nomeado() as unknown as string;
    expect(await carteiro.enviar({ ...MENSAGEM, texto })).toMatchObject({ isFailure: true });
    expect(ligados).toEqual([]);
  });
});
