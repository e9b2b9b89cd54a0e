import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { UsuarioAtualizadoSchema, UsuarioRemovidoSchema } from '@plataforma/contratos/auth/v1/eventos_pb';
import { ReservaConcluidaSchema } from '@plataforma/contratos/reservas/v1/eventos_pb';
import { eventually } from '@plataforma/testing/eventually';
import { POSSE_MS } from '../../src/envio/application/enviar-notificacoes.ts';
import { PostgresFilaDeSaida } from '../../src/envio/infrastructure/fila-de-saida.ts';
import { PostgresFila } from '../../src/mensagens/infrastructure/fila.ts';
import { readCalendario } from '../support/calendario.ts';
import { lerMime } from '../support/mime.ts';
import { useTestCase } from '../support/use-test-case.ts';

describe('from a confirmed reservation to an e-mail', () => {
  const testCase = useTestCase();
  let email: string;

  beforeEach(() => {
    email = `ana.${testCase.numero}x@exemplo.com`;
  });

  const terminou = (...tipos: string[]) =>
    eventually(async () => expect(await testCase.harness.historico(testCase.reserva)).toEqual(tipos));

  /** Whatever is published before has been handled when this later reservation has its e-mail. */
  async function esperarPelaFila(): Promise<void> {
    const sentinela = `${testCase.reserva}_sentinela`;
    await testCase.harness.confirmar(sentinela, testCase.cliente);
    await eventually(async () =>
      expect(await testCase.harness.historico(sentinela)).toEqual(['CRIADA', 'ENVIADA']),
    );
    testCase.smtp.received.splice(
      testCase.smtp.received.findIndex(({ raw }) => raw.includes(sentinela)),
      1,
    );
  }

  it('sends one e-mail with its calendar file when a reservation is confirmed', async () => {
    await testCase.start();
    await testCase.harness.registrar(testCase.cliente, 'Ana Souza', email);
    await testCase.harness.confirmar(testCase.reserva, testCase.cliente);
    await terminou('CRIADA', 'ENVIADA');

    expect(testCase.smtp.received.map(({ to }) => to)).toEqual([[email]]);
    const { cabecalhos, partes } = lerMime(testCase.smtp.received[0]?.raw ?? '');
    expect(cabecalhos.get('subject')).toBe('Reserva confirmada: Sala Ipê, 24/11/2026 às 14:00');
    expect(cabecalhos.get('from')).toBe('Plataforma de Reservas <reservas@plataforma.local>');
    expect(cabecalhos.get('to')).toBe(`Ana Souza <${email}>`);
    expect(cabecalhos.get('auto-submitted')).toBe('auto-generated');
    expect(cabecalhos.get('message-id')).toMatch(/^<not_\d{8}@plataforma\.local>$/);
    const [texto, html, anexo] = partes;
    expect(partes).toHaveLength(3);
    expect(texto?.texto).toContain('Quando: terça-feira, 24 de novembro de 2026, das 14:00 às 16:00');
    expect(html?.texto).toContain('<strong dir="auto">Sala Ipê</strong>');
    expect(anexo?.cabecalhos.get('content-type')).toContain('text/calendar');
    expect(anexo?.cabecalhos.get('content-disposition')).toContain(`reserva-${testCase.reserva}.ics`);
    expect(readCalendario(anexo?.texto ?? '').evento.uid).toBe(`${testCase.reserva}@plataforma.local`);
  });

  it('announces the sent message, in the transaction that marks it', async () => {
    await testCase.start();
    await testCase.harness.registrar(testCase.cliente, 'Ana', email);
    await testCase.harness.confirmar(testCase.reserva, testCase.cliente);
    await terminou('CRIADA', 'ENVIADA');
    expect(await testCase.harness.outbox(testCase.reserva)).toEqual([
      {
        assunto: 'notificacoes.v1.NotificacaoEnviada',
        payload: {
          notificacaoId: expect.stringMatching(/^not_\d{8}$/),
          clienteId: testCase.cliente,
          canal: 'CANAL_EMAIL',
          modelo: 'MODELO_NOTIFICACAO_RESERVA_CONFIRMADA',
          reservaId: testCase.reserva,
          ocorridoEm: '2026-11-20T13:00:00Z',
        },
      },
    ]);
  });

  it('sends one e-mail when two copies of the service get the confirmation three times, and again as another event', async () => {
    await testCase.start();
    await testCase.start();
    await testCase.harness.registrar(testCase.cliente, 'Ana', email);
    const evento = randomUUID();
    await Promise.all(
      [1, 2, 3].map(() => testCase.harness.confirmar(testCase.reserva, testCase.cliente, evento)),
    );
    await testCase.harness.confirmar(testCase.reserva, testCase.cliente);
    await terminou('CRIADA', 'ENVIADA');
    await esperarPelaFila();
    expect(testCase.smtp.received).toHaveLength(1);
    expect(await testCase.harness.outbox(testCase.reserva)).toHaveLength(1);
  });

  it('ignores the other events of reservations', async () => {
    await testCase.start();
    await testCase.harness.registrar(testCase.cliente, 'Ana', email);
    const agregado = { tipo: 'reserva', id: testCase.reserva, versao: 1 };
    const dados = { reservaId: testCase.reserva, clienteId: testCase.cliente };
    await testCase.harness.publish({ schema: ReservaConcluidaSchema, dados, agregado });
    await esperarPelaFila();
    expect(await testCase.harness.historico(testCase.reserva)).toEqual([]);
  });

  it('waits for the contact when the confirmation is faster', async () => {
    await testCase.start();
    await testCase.harness.confirmar(testCase.reserva, testCase.cliente);
    await terminou('CRIADA');
    await testCase.harness.registrar(testCase.cliente, 'Ana', email);
    await terminou('CRIADA', 'ENVIADA');
    expect(testCase.smtp.received.map(({ to }) => to)).toEqual([[email]]);
  });

  it('writes to the newest address when older events of the account come late', async () => {
    await testCase.start();
    const nova = `nova.${email}`;
    await testCase.harness.publish({
      schema: UsuarioAtualizadoSchema,
      dados: { usuarioId: testCase.cliente, nome: 'Ana', email: nova, emailVerificado: true },
      agregado: { tipo: 'usuario', id: testCase.cliente, versao: 2 },
    });
    await testCase.harness.registrar(testCase.cliente, 'Ana', email);
    // Events of one account are handled in order, so the late one is done when this one is.
    await testCase.harness.publish({
      schema: UsuarioAtualizadoSchema,
      dados: { usuarioId: testCase.cliente, nome: 'Ana Maria', email: nova, emailVerificado: true },
      agregado: { tipo: 'usuario', id: testCase.cliente, versao: 3 },
    });
    await eventually(async () => {
      const linhas: unknown[] = await testCase.harness.database.dataSource.query(
        'select nome, email from contatos where usuario_id = $1',
        [testCase.cliente],
      );
      expect(linhas).toEqual([{ nome: 'Ana Maria', email: nova }]);
    });
    await testCase.harness.confirmar(testCase.reserva, testCase.cliente);
    await terminou('CRIADA', 'ENVIADA');
    expect(testCase.smtp.received.map(({ to }) => to)).toEqual([[nova]]);
  });

  it('sends a person who has left nothing but word of that, and keeps nothing of them', async () => {
    await testCase.start();
    await testCase.harness.registrar(testCase.cliente, 'Ana Souza', email);
    await remover();
    await testCase.harness.confirmar(testCase.reserva, testCase.cliente);
    await terminou('CRIADA', 'SUPRIMIDA');
    await soADespedida();
  });

  it('takes back a message that waits when its addressee leaves', async () => {
    testCase.smtp.refusals.push({ code: 450, at: 'RCPT' });
    await testCase.start();
    await testCase.harness.registrar(testCase.cliente, 'Ana Souza', email);
    await testCase.harness.confirmar(testCase.reserva, testCase.cliente);
    await terminou('CRIADA', 'TENTATIVA_FALHOU');
    await remover();
    testCase.clock.advance(30_000);
    await terminou('CRIADA', 'TENTATIVA_FALHOU', 'SUPRIMIDA');
    await soADespedida();
  });

  async function soADespedida(): Promise<void> {
    await eventually(async () => expect(await tudoSobre(testCase.cliente)).not.toMatch(/Souza|ana\./));
    const assuntos = testCase.smtp.received.map(({ raw }) => lerMime(raw).cabecalhos.get('subject'));
    expect(assuntos).toEqual(['Sua conta foi removida']);
  }

  async function remover(): Promise<void> {
    await testCase.harness.publish({
      schema: UsuarioRemovidoSchema,
      dados: { usuarioId: testCase.cliente },
      agregado: { tipo: 'usuario', id: testCase.cliente, versao: 2 },
    });
    await eventually(async () => {
      const linhas: unknown[] = await testCase.harness.database.dataSource.query(
        'select 1 from contatos where usuario_id = $1 and removido_em is not null',
        [testCase.cliente],
      );
      expect(linhas).toHaveLength(1);
    });
  }

  /** Every row of the service's own tables that is about a person. */
  async function tudoSobre(usuarioId: string): Promise<string> {
    const linhas: unknown[] = await testCase.harness.database.dataSource.query(
      `select to_jsonb(c) as linha from contatos c where usuario_id = $1
       union all select to_jsonb(n) from notificacoes n where cliente_id = $1
       union all select to_jsonb(h) from historico_notificacoes h where cliente_id = $1`,
      [usuarioId],
    );
    expect(linhas.length).toBeGreaterThan(3);
    return JSON.stringify(linhas);
  }

  it('delivers once when the server refuses twice and then accepts', async () => {
    testCase.smtp.refusals.push({ code: 450, at: 'RCPT' }, { code: 451, at: 'DATA' });
    const { metrics } = await testCase.start();
    await testCase.harness.registrar(testCase.cliente, 'Ana', email);
    await testCase.harness.confirmar(testCase.reserva, testCase.cliente);
    await terminou('CRIADA', 'TENTATIVA_FALHOU');
    testCase.clock.advance(30_000);
    await terminou('CRIADA', 'TENTATIVA_FALHOU', 'TENTATIVA_FALHOU');
    testCase.clock.advance(60_000);
    await terminou('CRIADA', 'TENTATIVA_FALHOU', 'TENTATIVA_FALHOU', 'ENVIADA');
    expect(testCase.smtp.received).toHaveLength(1);
    const metricas = await metrics.registry.metrics();
    expect(metricas).toMatch(/notificacoes_tentativas_falhas_total\{[^}]*tipo="TEMPORARIA"[^}]*\} 2/);
    expect(metricas).toMatch(/notificacoes_enviadas_total\{[^}]*\} 1/);
  });

  it('gives up, with an error that names no address, when the server refuses for good', async () => {
    testCase.smtp.refusals.push({ code: 550, at: 'RCPT' });
    const { metrics } = await testCase.start();
    await testCase.harness.registrar(testCase.cliente, 'Ana', email);
    await testCase.harness.confirmar(testCase.reserva, testCase.cliente);
    await terminou('CRIADA', 'FALHOU');
    const registros: unknown[] = await testCase.harness.database.dataSource.query(
      "select destino, detalhe from historico_notificacoes where reserva_id = $1 and tipo = 'FALHOU'",
      [testCase.reserva],
    );
    expect(registros).toEqual([
      { destino: 'a***x@exemplo.com', detalhe: 'SMTP 550 4.7.1 EENVELOPE RCPT TO' },
    ]);
    await eventually(async () =>
      expect(await metrics.registry.metrics()).toMatch(/notificacoes_falhas_total\{[^}]*\} 1/),
    );
  });

  it('loses nothing and counts no attempt when the server is down at first', async () => {
    await testCase.smtp.stop();
    await testCase.start();
    await testCase.harness.registrar(testCase.cliente, 'Ana', email);
    await testCase.harness.confirmar(testCase.reserva, testCase.cliente);
    await eventually(async () => {
      const linhas: unknown[] = await testCase.harness.database.dataSource.query(
        'select recusas, adiamentos > 0 as adiada, posse from notificacoes where reserva_id = $1 and modelo = $2',
        [testCase.reserva, 'RESERVA_CONFIRMADA'],
      );
      expect(linhas).toEqual([{ recusas: 0, adiada: true, posse: null }]);
    });
    await testCase.smtp.start();
    testCase.clock.advance(30_000);
    await terminou('CRIADA', 'ENVIADA');
    expect(testCase.smtp.received).toHaveLength(1);
  });

  it('is sent by another copy when the one that took it dies before sending', async () => {
    await testCase.harness.registrar(testCase.cliente, 'Ana', email);
    const primeira = await testCase.start();
    await testCase.harness.confirmar(`${testCase.reserva}_antes`, testCase.cliente);
    await eventually(() => expect(testCase.smtp.received).toHaveLength(1));
    await primeira.stop();
    testCase.instances.pop();
    testCase.smtp.received.length = 0;
    await tomarSemEnviar();

    await testCase.start();
    await esperarPelaFila();
    expect(testCase.smtp.received).toEqual([]);
    testCase.clock.advance(POSSE_MS);
    await terminou('CRIADA', 'ENVIADA');
    expect(testCase.smtp.received).toHaveLength(1);
  });

  /** What a process leaves behind that dies between taking a message and sending it. */
  async function tomarSemEnviar(): Promise<void> {
    const { dataSource } = testCase.harness.database;
    const fila = new PostgresFila(dataSource.manager);
    const [modelo]: Array<{ dados: never; criada_em: Date }> = await dataSource.query(
      'select dados, criada_em from notificacoes where reserva_id = $1 and modelo = $2',
      [`${testCase.reserva}_antes`, 'RESERVA_CONFIRMADA'],
    );
    if (!modelo) throw new Error('no message to copy');
    const id = await testCase.harness.ids.next('not');
    await fila.add({
      id,
      clienteId: testCase.cliente,
      canal: 'EMAIL',
      modelo: 'RESERVA_CONFIRMADA',
      reservaId: testCase.reserva,
      assunto: () => 'Reserva confirmada',
      dados: modelo.dados,
      fato: '',
      criadoEm: testCase.clock.now(),
      devidaEm: testCase.clock.now(),
      validoAte: undefined,
      grupo: undefined,
    });
    await dataSource.query(
      `insert into historico_notificacoes
       values ($1, 1, $2, 'EMAIL', 'RESERVA_CONFIRMADA', $3, 'CRIADA', '', '', now())`,
      [id, testCase.cliente, testCase.reserva],
    );
    const agora = testCase.clock.now();
    const saida = new PostgresFilaDeSaida(dataSource.manager);
    const tomadas = await saida.tomar({
      canal: 'EMAIL',
      limite: 5,
      agora,
      ate: new Date(agora.getTime() + POSSE_MS),
    });
    expect(tomadas.map((tomada) => tomada.id)).toEqual([id]);
  }

  it('notes the delivery later, and sends nothing again, when the database fails after the server has answered', async () => {
    const voltar = await semMarcar();
    const { metrics } = await testCase.start();
    await testCase.harness.registrar(testCase.cliente, 'Ana', email);
    await testCase.harness.confirmar(testCase.reserva, testCase.cliente);
    // The sender knows of it: it looks at the clock to say when it tries again.
    await eventually(async () =>
      expect(await metrics.registry.metrics()).toMatch(/notificacoes_sem_marca_total(\{[^}]*\})? 1/),
    );
    await voltar();
    testCase.clock.advance(POSSE_MS);
    await terminou('CRIADA', 'ENVIADA');
    await esperarPelaFila();
    expect(testCase.smtp.received).toHaveLength(1);
    expect(await testCase.harness.outbox(testCase.reserva)).toHaveLength(1);
  });

  it('sends the same Message-ID again when the process dies between the answer of the server and its mark', async () => {
    const voltar = await semMarcar();
    const morta = await testCase.start();
    await testCase.harness.registrar(testCase.cliente, 'Ana', email);
    await testCase.harness.confirmar(testCase.reserva, testCase.cliente);
    await marcaFalhou();
    await morta.stop();
    await voltar();
    testCase.clock.advance(POSSE_MS);
    await testCase.start();
    await terminou('CRIADA', 'ENVIADA');
    expectSameMessageTwice();
    expect(await testCase.harness.outbox(testCase.reserva)).toHaveLength(1);
  });

  /** The database refuses to note deliveries until the answer is called. A sequence counts: it is never rolled back. */
  async function semMarcar(): Promise<() => Promise<void>> {
    const { dataSource } = testCase.harness.database;
    await dataSource.query(`
      create sequence marcas;
      create function nao_marcar() returns trigger language plpgsql as $$
      begin perform nextval('marcas'); raise exception 'the database is away'; end $$;
      create trigger nao_marcar before update on notificacoes for each row when (new.status = 'ENVIADA')
      execute function nao_marcar()`);
    return () => dataSource.query('drop function nao_marcar() cascade; drop sequence marcas');
  }

  const marcaFalhou = () =>
    eventually(async () => {
      const [linha]: Array<{ is_called: boolean }> = await testCase.harness.database.dataSource.query(
        'select is_called from marcas',
      );
      expect(linha).toEqual({ is_called: true });
    });

  it('notes one delivery when the server answers only after another copy has taken over', async () => {
    const resposta = Promise.withResolvers<void>();
    testCase.smtp.hold = resposta.promise;
    const lenta = await testCase.start();
    await testCase.harness.registrar(testCase.cliente, 'Ana', email);
    await testCase.harness.confirmar(testCase.reserva, testCase.cliente);
    await eventually(() => expect(testCase.smtp.held).toBe(1));
    testCase.clock.advance(POSSE_MS);
    testCase.smtp.hold = Promise.resolve();
    await testCase.start();
    await terminou('CRIADA', 'ENVIADA');
    resposta.resolve();
    await lenta.stop();
    expectSameMessageTwice();
    expect(await testCase.harness.historico(testCase.reserva)).toEqual(['CRIADA', 'ENVIADA']);
    expect(await testCase.harness.outbox(testCase.reserva)).toHaveLength(1);
  });

  function expectSameMessageTwice(): void {
    const ids = testCase.smtp.received.map(({ raw }) => lerMime(raw).cabecalhos.get('message-id'));
    expect(ids).toHaveLength(2);
    expect(ids[0]).toMatch(/^<not_\d{8}@plataforma\.local>$/);
    expect(ids[1]).toBe(ids[0]);
  }

  it('sends hostile names as text and to nobody else', async () => {
    await testCase.start();
    await testCase.harness.registrar(
      testCase.cliente,
      '<script>alert(1)</script>\r\nBcc: eva@exemplo.com',
      email,
    );
    await testCase.harness.confirmar(
      testCase.reserva,
      testCase.cliente,
      undefined,
      '<img src=x>\r\nBcc: eva@exemplo.com',
    );
    await terminou('CRIADA', 'ENVIADA');
    expect(testCase.smtp.received.map(({ to }) => to)).toEqual([[email]]);
    const { cabecalhos, partes } = lerMime(testCase.smtp.received[0]?.raw ?? '');
    expect([...cabecalhos.keys()]).not.toContain('bcc');
    expect(cabecalhos.get('subject')).toContain('<img src=x> Bcc: eva@exemplo.com');
    const html = partes.find(({ cabecalhos: de }) => de.get('content-type')?.startsWith('text/html'));
    expect(html?.texto).toContain('&lt;img src=x&gt; Bcc: eva@exemplo.com');
    expect(html?.texto).not.toMatch(/<script|<img/);
  });

  it('finishes the message in hand before it stops', async () => {
    const resposta = Promise.withResolvers<void>();
    testCase.smtp.hold = resposta.promise;
    const instancia = await testCase.start();
    await testCase.harness.registrar(testCase.cliente, 'Ana', email);
    await testCase.harness.confirmar(testCase.reserva, testCase.cliente);
    await eventually(() => expect(testCase.smtp.held).toBe(1));
    const parada = instancia.stop();
    testCase.instances.pop();
    resposta.resolve();
    await parada;
    expect(await testCase.harness.historico(testCase.reserva)).toEqual(['CRIADA', 'ENVIADA']);
  });
});
