import { create, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { UsuarioAtualizadoSchema, UsuarioRemovidoSchema } from '@plataforma/contratos/auth/v1/eventos_pb';
import { PapelUsuario } from '@plataforma/contratos/auth/v1/usuario_pb';
import { TipoEspaco } from '@plataforma/contratos/reservas/v1/espaco_pb';
import { readStrictly } from '@plataforma/testing/strict-icalendar';
import ical, { type VEvent } from 'node-ical';
import { janelaEm } from '../../src/calendarios/domain/calendario.ts';
import { PostgresCalendariosRepository } from '../../src/calendarios/infrastructure/calendarios-repository.ts';
import { tellConta } from '../contas-fixture.ts';
import { NOW, newId } from '../reservas-fixture.ts';
import { failure, startReservas } from '../reservas-under-test.ts';

let sut: Awaited<ReturnType<typeof startReservas>>;

beforeAll(async () => {
  sut = await startReservas();
});

beforeEach(() => sut.clock.set(NOW));

afterAll(async () => {
  await sut?.close();
});

const ADMIN = { sub: 'cli_admin', papeis: ['ADMIN'] };
const como = (sub: string) => sut.as({ sub, papeis: ['CLIENTE'] });
const em = (instante: string) => timestampFromDate(new Date(instante));

async function novoEspaco() {
  const precoPorHora = { centavos: 100_00n, moeda: 'BRL' };
  const espaco = { nome: 'Sala Ipê', tipo: TipoEspaco.QUADRA, capacidade: 8, precoPorHora };
  const pedido = { ...espaco, endereco: 'Rua das Flores, 10' };
  return (await sut.espacos.criarEspaco(pedido, await sut.as(ADMIN))).id;
}

/** Reserves an hour from this hour of a day in June on. */
async function reservar(espacoId: string, cliente: string, dia: number, hora = 13) {
  const instante = (h: number) => em(`2026-06-${dia}T${h}:00:00Z`);
  const pedido = { espacoId, dataInicio: instante(hora), dataFim: instante(hora + 1) };
  return (await sut.reservas.criarReserva(pedido, await como(cliente))).id;
}

async function pagar(reservaId: string) {
  const pagamentoId = `pag_${reservaId.slice(4)}`;
  const [{ pagamento_id }] = await sut.dataSource.query('select pagamento_id from reservas where id = $1', [
    reservaId,
  ]);
  const pedido = { reservaId, pagamentoId: pagamento_id ?? pagamentoId };
  await sut.reservas.confirmarReserva(pedido, await sut.as(ADMIN));
}

/** The feed at an address answered by the service, fetched from where it listens here. */
function buscar(url: string, headers: Record<string, string> = {}, method = 'GET') {
  return fetch(url.replace('http://api.exemplo.com', `http://127.0.0.1:${sut.httpPort}`), {
    headers,
    method,
  });
}

/** The version under which the others, and the file of an e-mail, know a change of a reservation. */
async function versaoDe(reservaId: string, tipo: string): Promise<number> {
  const [row] = await sut.dataSource.query(
    'select agregado_versao as versao from outbox where agregado_id = $1 and assunto = $2',
    [reservaId, `reservas.v1.${tipo}`],
  );
  return row.versao;
}

/** The entries of a feed by UID, as another implementation reads them. */
async function eventos(url: string): Promise<Map<string, VEvent>> {
  const response = await buscar(url);
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    'text/calendar; charset=utf-8',
  ]);
  const texto = await response.text();
  expect(readStrictly(texto)).toHaveLength(texto.split('BEGIN:VEVENT').length - 1);
  const componentes = Object.values(ical.sync.parseICS(texto));
  const lidos = componentes.filter((um): um is VEvent => um?.type === 'VEVENT');
  expect(lidos).toHaveLength(texto.split('BEGIN:VEVENT').length - 1);
  return new Map(lidos.map((evento) => [evento.uid, evento]));
}

describe("a customer's feed", () => {
  it('follows a reservation from its hold to its cancellation, one entry whose SEQUENCE grows', async () => {
    const cliente = newId('cli');
    const { url } = await sut.calendarios.criarCalendario({}, await como(cliente));
    expect(url).toMatch(/^http:\/\/api\.exemplo\.com\/api\/v1\/calendarios\/[\w-]{64}\.ics$/);
    expect(await eventos(url)).toEqual(new Map());
    const id = await reservar(await novoEspaco(), cliente, 10);
    const uid = `${id}@exemplo.com`;

    const esperando = (await eventos(url)).get(uid);
    expect(esperando).toMatchObject({
      status: 'TENTATIVE',
      start: new Date('2026-06-10T13:00:00Z'),
      end: new Date('2026-06-10T14:00:00Z'),
      summary: 'Sala Ipê',
      location: 'Rua das Flores, 10',
      transparency: 'OPAQUE',
    });
    expect(esperando?.start.tz).toBe('Etc/UTC');
    expect(String(esperando?.description)).toMatch(
      /^Reserva res_\w+\nValor: R\$\u00a0150,00\nPagamento pendente$/,
    );
    expect(esperando?.url).toBeUndefined();
    expect(await (await buscar(url)).text()).not.toMatch(/https?:/);

    await pagar(id);
    const confirmada = (await eventos(url)).get(uid);
    expect(confirmada?.status).toBe('CONFIRMED');
    expect(confirmada?.url).toBeUndefined();
    expect(confirmada?.sequence).toBe(await versaoDe(id, 'ReservaConfirmada'));
    expect(confirmada?.sequence).toBeGreaterThan(esperando?.sequence ?? Number.NaN);

    await sut.reservas.cancelarReserva({ reservaId: id }, await como(cliente));
    const cancelada = (await eventos(url)).get(uid);
    expect([cancelada?.status, cancelada?.transparency]).toEqual(['CANCELLED', 'TRANSPARENT']);
    expect(cancelada?.sequence).toBeGreaterThan(confirmada?.sequence ?? Number.NaN);
    expect(cancelada?.sequence).toBe(await versaoDe(id, 'ReservaCancelada'));
    expect(cancelada?.start).toEqual(esperando?.start);

    sut.clock.advance(31 * 24 * 3_600_000);
    expect((await eventos(url)).has(uid)).toBe(false);
  });

  it('leaves out a hold that ended unpaid, and says that it has changed', async () => {
    const cliente = newId('cli');
    const { url } = await sut.calendarios.criarCalendario({}, await como(cliente));
    const id = await reservar(await novoEspaco(), cliente, 19);
    sut.clock.advance(2 * 60_000);
    const antes = (await buscar(url)).headers.get('last-modified') ?? '';
    expect((await eventos(url)).size).toBe(1);
    await sut.reservas.cancelarReserva({ reservaId: id }, await como(cliente));
    sut.clock.advance(2 * 60_000);
    const denovo = await buscar(url, { 'if-modified-since': antes });
    expect([denovo.status, (await denovo.text()).includes(id)]).toEqual([200, false]);
  });

  it('is one that a program takes that forgives nothing, whatever a space is called', async () => {
    const cliente = newId('cli');
    const id = await reservar(await novoEspaco(), cliente, 18);
    await sut.dataSource.query('update reservas set espaco_nome = $2, espaco_endereco = $3 where id = $1', [
      id,
      'Sala\u2028Ipê\u2029BEGIN:VEVENT\u0085;x',
      `Rua, 10; fundos\r\n${'á'.repeat(80)}\u000b"\\n`,
    ]);
    const { url } = await sut.calendarios.criarCalendario({}, await como(cliente));
    const [evento] = readStrictly(await (await buscar(url)).text());
    expect(evento?.get('SUMMARY')?.value).toBe('Sala\\nIpê\\nBEGIN:VEVENT\\n\\;x');
  });

  it('answers HEAD as it answers GET, without the body', async () => {
    const cliente = newId('cli');
    await reservar(await novoEspaco(), cliente, 17);
    const { url } = await sut.calendarios.criarCalendario({}, await como(cliente));
    const [inteira, cabecalhos] = [await buscar(url), await buscar(url, {}, 'HEAD')];
    const vistos = ({ status, headers }: Response) => {
      return [
        status,
        ...['etag', 'content-type', 'content-length', 'cache-control'].map((h) => headers.get(h)),
      ];
    };
    expect(vistos(cabecalhos)).toEqual(vistos(inteira));
    expect([await cabecalhos.text(), cabecalhos.headers.get('content-length')]).not.toContain('0');
    expect((await buscar(url.replace(/.{4}\.ics$/, 'AAAA.ics'), {}, 'HEAD')).status).toBe(404);
  });

  it("shows nobody else's reservations", async () => {
    const cliente = newId('cli');
    const espacoId = await novoEspaco();
    await reservar(espacoId, newId('cli'), 11);
    const minha = await reservar(espacoId, cliente, 12);
    const { url } = await sut.calendarios.criarCalendario({}, await como(cliente));
    expect([...(await eventos(url)).keys()]).toEqual([`${minha}@exemplo.com`]);
  });

  it('keeps to its window: 90 days back and 400 ahead', async () => {
    const cliente = newId('cli');
    await reservar(await novoEspaco(), cliente, 13).then(pagar);
    const { url } = await sut.calendarios.criarCalendario({}, await como(cliente));
    const vistosEm = async (instante: string) => {
      sut.clock.set(instante);
      return (await eventos(url)).size;
    };
    expect(await vistosEm('2026-09-11T13:59:00Z')).toBe(1);
    expect(await vistosEm('2026-09-11T14:00:00Z')).toBe(0);
    expect(await vistosEm('2025-05-09T13:00:01Z')).toBe(1);
    expect(await vistosEm('2025-05-09T13:00:00Z')).toBe(0);
  });
});

describe('the feed of a space', () => {
  it('tells that the space is taken, not by whom', async () => {
    const espacoId = await novoEspaco();
    const cliente = newId('cli');
    const id = await reservar(espacoId, cliente, 14);
    const { url, ...feito } = await sut.calendarios.criarCalendario({ espacoId }, await sut.as(ADMIN));
    expect(feito.espacoId).toBe(espacoId);
    const evento = (await eventos(url)).get(`${id}@exemplo.com`);
    expect(evento).toMatchObject({ summary: `Reserva ${id}`, location: 'Rua das Flores, 10' });
    expect([evento?.description, evento?.url, evento?.organizer]).toEqual([undefined, undefined, undefined]);
    const texto = await (await buscar(url)).text();
    expect(texto).toContain('X-WR-CALNAME:Reservas: Sala Ipê\r\n');
    expect(texto).not.toContain(cliente);
  });

  it('is not made for customers, nor of a space that does not exist', async () => {
    const espacoId = await novoEspaco();
    const deCliente = sut.calendarios.criarCalendario({ espacoId }, await como(newId('cli')));
    expect(await failure(deCliente)).toBe('PermissionDenied ACESSO_NEGADO');
    const deNenhum = sut.calendarios.criarCalendario({ espacoId: 'esp_nenhum' }, await sut.as(ADMIN));
    expect(await failure(deNenhum)).toBe('NotFound ESPACO_NAO_ENCONTRADO');
  });

  it('shows those nearest to now, by their start, when there are too many', async () => {
    const espacoId = await novoEspaco();
    const cliente = newId('cli');
    const ids: string[] = [];
    for (const dia of [20, 21, 22]) ids.push(await reservar(espacoId, cliente, dia));
    const agora = new Date('2026-06-22T00:00:00Z');
    const calendario = { id: 'cal_1', donoId: cliente, espacoId, criadoEm: agora };
    const duas = await new PostgresCalendariosRepository(sut.dataSource).reservas(
      calendario,
      janelaEm(agora),
      2,
    );
    expect(duas.map(({ id }) => id)).toEqual(ids.slice(1));
  });
});

describe('an address', () => {
  it('answers nothing from the moment it is revoked, as if it had never been one', async () => {
    const cliente = newId('cli');
    const { id, url } = await sut.calendarios.criarCalendario({}, await como(cliente));
    const outro = await sut.calendarios.criarCalendario({}, await como(cliente));
    expect((await buscar(url)).status).toBe(200);
    await sut.calendarios.revogarCalendario({ calendarioId: id }, await como(cliente));
    const revogadoEm = () => sut.dataSource.query('select revogado_em from calendarios where id = $1', [id]);
    const primeiraVez = await revogadoEm();
    sut.clock.advance(1_000);
    await sut.calendarios.revogarCalendario({ calendarioId: id }, await como(cliente));
    expect(await revogadoEm()).toEqual(primeiraVez);
    const forjada = url.replace(/.\.ics$/, (fim) => (fim[0] === 'A' ? 'B.ics' : 'A.ics'));
    const desconhecida = 'http://api.exemplo.com/api/v1/calendarios/x.ics';
    const semSufixo = outro.url.replace('.ics', '');
    for (const endereco of [url, forjada, desconhecida, semSufixo]) {
      const response = await buscar(endereco);
      expect([response.status, await response.json()]).toMatchObject([
        404,
        { code: 'not_found', reason: 'CALENDARIO_NAO_ENCONTRADO' },
      ]);
    }
    expect((await buscar(outro.url)).status).toBe(200);
  });

  it('is revoked once under one key, and no other one', async () => {
    const cliente = { sub: newId('cli'), papeis: ['CLIENTE'] };
    const criar = async () => sut.calendarios.criarCalendario({}, await sut.as(cliente));
    const [um, outro] = [await criar(), await criar()];
    const chave = await sut.as(cliente, { 'idempotency-key': newId('chave') });
    const revogado = await sut.calendarios.revogarCalendario({ calendarioId: um.id }, chave);
    expect(await failure(sut.calendarios.revogarCalendario({ calendarioId: outro.id }, chave))).toBe(
      'AlreadyExists CHAVE_IDEMPOTENCIA_REUTILIZADA',
    );
    expect((await buscar(outro.url)).status).toBe(200);
    expect(await sut.calendarios.revogarCalendario({ calendarioId: um.id }, chave)).toEqual(revogado);
  });

  it('is told once and stored nowhere', async () => {
    const cliente = newId('cli');
    const { id, url } = await sut.calendarios.criarCalendario({}, await como(cliente));
    const { calendarios } = await sut.calendarios.listarCalendarios({}, await como(cliente));
    expect(calendarios.map((um) => [um.id, um.url])).toEqual([[id, '']]);
    const [linha] = await sut.dataSource.query(
      'select calendarios::text as tudo from calendarios where id = $1',
      [id],
    );
    const token = Buffer.from(/([\w-]+)\.ics$/.exec(url)?.[1] ?? '', 'base64url');
    expect(linha.tudo).not.toContain(token.subarray(0, 32).toString('hex'));
  });

  it("is its owner's to revoke, and ADMIN's", async () => {
    const cliente = newId('cli');
    const { id: calendarioId } = await sut.calendarios.criarCalendario({}, await como(cliente));
    const deOutro = sut.calendarios.revogarCalendario({ calendarioId }, await como(newId('cli')));
    expect(await failure(deOutro)).toBe('NotFound CALENDARIO_NAO_ENCONTRADO');
    await sut.calendarios.revogarCalendario({ calendarioId }, await sut.as(ADMIN));
    const { calendarios } = await sut.calendarios.listarCalendarios({}, await como(cliente));
    expect(calendarios).toEqual([]);
  });

  it('is one of at most 20 of its owner, however fast they are asked for', async () => {
    const cliente = newId('cli');
    const opcoes = await como(cliente);
    const pedidos = Array.from({ length: 24 }, () => sut.calendarios.criarCalendario({}, opcoes));
    const respostas = await Promise.allSettled(pedidos);
    expect(respostas.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
    const { calendarios } = await sut.calendarios.listarCalendarios({}, opcoes);
    expect(await failure(sut.calendarios.criarCalendario({}, opcoes))).toBe(
      'FailedPrecondition LIMITE_DE_CALENDARIOS',
    );
    await sut.calendarios.revogarCalendario({ calendarioId: calendarios[0]?.id ?? '' }, opcoes);
    await sut.calendarios.criarCalendario({}, opcoes);
  });
});

describe('the right to a feed', () => {
  const gestor = () => ({ sub: newId('cli'), papeis: ['GESTOR'] });
  const status = async (url: string) => (await buscar(url)).status;

  async function espacoDe({ sub: usuarioId }: { sub: string }): Promise<string> {
    const espacoId = await novoEspaco();
    await sut.espacos.atribuirGestor({ espacoId, usuarioId }, await sut.as(ADMIN));
    return espacoId;
  }

  it('is asked for when it is read: of a feed made by an old token after the news nothing is left', async () => {
    const pessoa = gestor();
    const espacoId = await espacoDe(pessoa);
    const [doEspaco, proprio] = await Promise.all(
      [{ espacoId }, {}].map(async (pedido) => {
        return (await sut.calendarios.criarCalendario(pedido, await sut.as(pessoa))).url;
      }),
    );
    if (!doEspaco || !proprio) throw new Error('no feeds');
    await tellConta(sut.parts, pessoa.sub, { papeis: ['CLIENTE'], versao: 2 });
    expect([await status(doEspaco), await status(proprio)]).toEqual([404, 200]);
    const { calendarios } = await sut.calendarios.listarCalendarios({}, await sut.as(pessoa));
    expect(calendarios.map((um) => um.espacoId)).toEqual(['']);
    await tellConta(sut.parts, pessoa.sub, { ativo: false, versao: 3 });
    expect([await status(doEspaco), await status(proprio)]).toEqual([404, 404]);
  });

  it.each([{}, { espaco: true }])(
    'ends with the session that it was made in: whoever copied a token keeps no feed (%o)',
    async ({ espaco = false }) => {
      const pessoa = gestor();
      const espacoId = espaco ? await espacoDe(pessoa) : '';
      const criar = async (ger: number) =>
        (await sut.calendarios.criarCalendario({ espacoId }, await sut.as({ ...pessoa, ger }))).url;
      await tellConta(sut.parts, pessoa.sub, { papeis: ['GESTOR'], versao: 2, geracao: 2 });
      const [antes, depois] = [await criar(2), await criar(3)];
      // A name: nothing that ends sessions.
      await tellConta(sut.parts, pessoa.sub, { papeis: ['GESTOR'], versao: 3, geracao: 2 });
      expect([await status(antes), await status(depois)]).toEqual([200, 200]);
      await tellConta(sut.parts, pessoa.sub, { papeis: ['GESTOR'], versao: 5, geracao: 3 });
      await tellConta(sut.parts, pessoa.sub, { papeis: ['GESTOR'], versao: 4, geracao: 2 });
      const comTokenDeAntes = await criar(2);
      expect([await status(antes), await status(comTokenDeAntes), await status(depois)]).toEqual([
        404, 404, 200,
      ]);
      const { calendarios } = await sut.calendarios.listarCalendarios({}, await sut.as(pessoa));
      expect(calendarios).toHaveLength(1);
    },
  );

  it('of ADMIN to every space ends with the role, and is not known to be theirs to lose before auth has told', async () => {
    const admin = { sub: newId('cli'), papeis: ['ADMIN'] };
    const { url } = await sut.calendarios.criarCalendario(
      { espacoId: await novoEspaco() },
      await sut.as(admin),
    );
    expect(await status(url)).toBe(200);
    // An account that is known by its reservations alone.
    await sut.dataSource.query('insert into contas (usuario_id, versao, ativa) values ($1, 0, true)', [
      admin.sub,
    ]);
    expect(await status(url)).toBe(200);
    await tellConta(sut.parts, admin.sub, { papeis: ['ADMIN'], versao: 2 });
    expect(await status(url)).toBe(200);
    await tellConta(sut.parts, admin.sub, { papeis: ['CLIENTE'], versao: 3 });
    expect(await status(url)).toBe(404);
  });

  it('is gone when the space is taken away while 16 feeds are being made, and none of them stays', async () => {
    const pessoa = gestor();
    const espacoId = await espacoDe(pessoa);
    const opcoes = await sut.as(pessoa);
    const admin = await sut.as(ADMIN);
    const criando = Array.from({ length: 16 }, () => sut.calendarios.criarCalendario({ espacoId }, opcoes));
    const removendo = sut.espacos.removerGestor({ espacoId, usuarioId: pessoa.sub }, admin);
    const criados = await Promise.allSettled(criando);
    await removendo;
    for (const criado of criados)
      if (criado.status === 'fulfilled') expect(await status(criado.value.url)).toBe(404);
    const [{ vivos }] = await sut.dataSource.query(
      'select count(*)::int as vivos from calendarios where espaco_id = $1 and revogado_em is null',
      [espacoId],
    );
    expect(vivos).toBe(0);
  });
});

describe('fetching a feed again', () => {
  it('answers 304 until something changes', async () => {
    const cliente = newId('cli');
    const espacoId = await novoEspaco();
    await reservar(espacoId, cliente, 15);
    const { url } = await sut.calendarios.criarCalendario({}, await como(cliente));
    const etag = (await buscar(url)).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[\w-]{27}"$/);
    const denovo = await buscar(url, { 'if-none-match': `"outra", W/${etag}` });
    expect([denovo.status, await denovo.text(), denovo.headers.get('etag')]).toEqual([304, '', etag]);
    expect(denovo.headers.get('cache-control')).toBe('private, no-cache');
    await reservar(espacoId, cliente, 16);
    const mudado = await buscar(url, { 'if-none-match': etag });
    expect([mudado.status, mudado.headers.get('etag') === etag]).toEqual([200, false]);
  });

  it('goes by the date only when the last change is a minute old', async () => {
    const cliente = newId('cli');
    await reservar(await novoEspaco(), cliente, 17);
    const { url } = await sut.calendarios.criarCalendario({}, await como(cliente));
    const desde = new Date(NOW).toUTCString();
    const status = async () => {
      const response = await buscar(url, { 'if-modified-since': desde });
      return [response.status, response.headers.get('last-modified')];
    };
    expect(await status()).toEqual([200, null]);
    sut.clock.advance(61_000);
    expect(await status()).toEqual([304, desde]);
    const antes = await buscar(url, { 'if-modified-since': 'Mon, 01 Jun 2026 00:00:00 GMT' });
    const ambos = await buscar(url, { 'if-none-match': '"outra"', 'if-modified-since': desde });
    expect([antes.status, ambos.status]).toEqual([200, 200]);
  });
});

describe('news of accounts', () => {
  const revogados = (donoId: string) =>
    sut.dataSource.query(
      'select geracao, revogado_em is not null as revogado from calendarios where dono_id = $1 order by geracao',
      [donoId],
    );

  /** Hands a fact of auth to the consumer of this service. */
  async function dizer<S extends DescMessage>(schema: S, fato: MessageInitShape<S>) {
    const consumidor = sut.parts.consumers?.find(({ durable }) => durable === 'reservas-contas');
    const assinatura = consumidor?.on.find((um) => um.schema.typeName === schema.typeName);
    if (!assinatura) throw new Error(`nobody listens to ${schema.typeName}`);
    const agregado = { tipo: 'usuario', id: 'cli_x', versao: 2 };
    const quando = { ocorridoEm: sut.clock.now(), entrega: 1 };
    await assinatura.handle(create(schema, fato), {
      id: newId('msg'),
      subject: schema.typeName,
      agregado,
      ...quando,
    });
  }

  it.each([
    ['who stays ADMIN', [PapelUsuario.ADMIN], true, ['próprio', 'atribuído', 'outro']],
    ['who stays GESTOR', [PapelUsuario.GESTOR], true, ['próprio', 'atribuído']],
    ['who is a customer', [PapelUsuario.CLIENTE], true, ['próprio']],
    ['who is suspended', [PapelUsuario.ADMIN], false, []],
  ])('leave to %s the feeds that are theirs to have', async (_, papeis, ativo, restam) => {
    const usuarioId = newId('cli');
    const como = await sut.as({ sub: usuarioId, papeis: ['ADMIN'] });
    const [atribuido, outro] = [await novoEspaco(), await novoEspaco()];
    await sut.espacos.atribuirGestor({ espacoId: atribuido, usuarioId }, como);
    const nomes = new Map([
      ['', 'próprio'],
      [atribuido, 'atribuído'],
      [outro, 'outro'],
    ]);
    for (const espacoId of nomes.keys()) await sut.calendarios.criarCalendario({ espacoId }, como);
    await dizer(UsuarioAtualizadoSchema, { usuarioId, papeis, ativo });
    const { calendarios } = await sut.calendarios.listarCalendarios({}, como);
    expect(calendarios.map(({ espacoId }) => nomes.get(espacoId)).sort()).toEqual([...restam].sort());
    await dizer(UsuarioRemovidoSchema, { usuarioId });
    expect((await sut.calendarios.listarCalendarios({}, como)).calendarios).toEqual([]);
  });

  it('revoke what was made in sessions that have ended, and nothing newer, in whatever order they come', async () => {
    const usuarioId = newId('cli');
    for (const ger of [1, 2, 3])
      await sut.calendarios.criarCalendario({}, await sut.as({ sub: usuarioId, papeis: ['CLIENTE'], ger }));
    const conta = { usuarioId, papeis: [PapelUsuario.CLIENTE], ativo: true };
    for (const geracaoSessoes of [3, 2, 1])
      await dizer(UsuarioAtualizadoSchema, { ...conta, geracaoSessoes });
    expect(await revogados(usuarioId)).toEqual([
      { geracao: 1, revogado: true },
      { geracao: 2, revogado: true },
      { geracao: 3, revogado: false },
    ]);
  });
});
