import { createHash } from 'node:crypto';
import { type Client, Code, ConnectError, createClient, createRouterTransport } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Canal } from '@plataforma/contratos/notificacoes/v1/notificacao_pb';
import { NotificacoesService } from '@plataforma/contratos/notificacoes/v1/notificacoes_service_pb';
import { GrupoDeMensagens } from '@plataforma/contratos/notificacoes/v1/preferencias_pb';
import { nameFrom } from '@plataforma/runtime/enum-names';
import { motivoDe } from '@plataforma/runtime/errors';
import { createInterceptors } from '@plataforma/runtime/interceptors';
import { createTokenVerifier } from '@plataforma/runtime/jwt';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { createTestIssuer, type TestIssuer } from '@plataforma/testing/test-tokens';
import { createUnitOfWork } from '../../src/persistence/unit-of-work.ts';
import { AjustarPreferenciasHandler } from '../../src/preferencias/application/ajustar-preferencias.ts';
import { DesligarHandler } from '../../src/preferencias/application/desligar.ts';
import { CANAIS, celulaDe, ehObrigatoria, GRUPOS, type Grupo } from '../../src/preferencias/domain/grade.ts';
import { Harness, type Instance, logger } from '../support/harness.ts';
import { SmtpInbox } from '../support/smtp-inbox.ts';

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);

const smtp = new SmtpInbox();
const clock = new FixedClock('2026-11-20T13:00:00Z');
let harness: Harness;
let issuer: TestIssuer;
let instancia: Instance;
let numero = 0;
let cliente: string;

beforeAll(async () => {
  [harness, issuer] = await Promise.all([Harness.start(), createTestIssuer(), smtp.start()]);
  instancia = await harness.instance(smtp.url, clock);
});

beforeEach(() => {
  cliente = `cli_${++numero}`;
});

afterAll(async () => {
  await instancia?.stop();
  await smtp.stop();
  await issuer?.close();
  await harness?.stop();
});

const sql = (text: string, values: unknown[] = []) => harness.database.dataSource.query(text, values);

async function rpc<T>(
  call: (client: Client<typeof NotificacoesService>, headers: Record<string, string>) => Promise<T>,
) {
  const { services } = instancia;
  const interceptors = createInterceptors({ logger, verifier: createTokenVerifier(issuer), services });
  const transport = createRouterTransport(
    (router) => {
      for (const { spec } of services.flatMap(({ methods }) => methods)) router.rpc(spec.method, spec.impl);
    },
    { router: { interceptors } },
  );
  const authorization = `Bearer ${await issuer.token({ sub: cliente })}`;
  return call(createClient(NotificacoesService, transport), { authorization });
}

const recusa = async (call: Promise<unknown>) => {
  const error = ConnectError.from(await call.catch((reason: unknown) => reason));
  return [error.code, motivoDe(error)];
};

const ajustar = (pedido: Parameters<Client<typeof NotificacoesService>['ajustarPreferencias']>[0]) =>
  rpc((client, headers) => client.ajustarPreferencias(pedido, { headers }));
const ler = () => rpc((client, headers) => client.obterPreferencias({}, { headers }));

const uow = () => createUnitOfWork(harness.database.dataSource);
const mudadas = () =>
  sql('select por, campo, valor from mudancas_de_preferencia where cliente_id = $1 order by id', [cliente]);

const LEMBRETES_POR_EMAIL = { grupo: GrupoDeMensagens.LEMBRETES, canal: Canal.EMAIL };

describe('the grid', () => {
  it('is all that a page needs: each part once, with what is on and what is fixed', async () => {
    const { grade, idioma } = await ler();
    const partes = grade.map(
      ({ grupo, canal }) => `${nameFrom(GrupoDeMensagens, grupo)}/${nameFrom(Canal, canal)}`,
    );
    expect(new Set(partes).size).toBe(partes.length);
    expect(partes).toEqual(expect.arrayContaining(['LEMBRETES/EMAIL', 'SEGURANCA/SMS', 'ESTORNOS/PUSH']));
    expect(grade.every(({ ligada }) => ligada)).toBe(true);
    const fixas = grade.filter(({ obrigatoria }) => obrigatoria);
    expect(fixas.every(({ canal }) => canal === Canal.EMAIL)).toBe(true);
    expect(fixas.map(({ grupo }) => grupo)).not.toContain(GrupoDeMensagens.LEMBRETES);
    expect(idioma).toBe('pt-BR');
  });

  it('changes where it is told to, and the old form of all choices changes the rest', async () => {
    const { grade } = await ajustar({ escolhas: [{ ...LEMBRETES_POR_EMAIL, ligada: false }] });
    expect(grade.filter(({ ligada }) => !ligada)).toMatchObject([LEMBRETES_POR_EMAIL]);
    const antiga = { email: true, sms: false, push: true, lembretes: true, telefone: '' };
    const depois = await rpc((client, headers) => client.atualizarPreferencias(antiga, { headers }));
    expect(depois.grade.filter(({ ligada }) => !ligada)).toMatchObject([LEMBRETES_POR_EMAIL]);
    expect(await mudadas()).toEqual([
      { por: 'PESSOA', campo: 'LEMBRETES/EMAIL', valor: 'false' },
      { por: 'PESSOA', campo: 'push', valor: 'true' },
    ]);
  });

  it('goes back to what it was at the start, where that is named and nothing is said', async () => {
    await ajustar({
      push: true,
      email: false,
      silencio: { inicio: '21:00', fim: '09:00', fusoHorario: 'UTC' },
    });
    const paths = ['push', 'silencio'];
    const depois = await ajustar({ email: true, updateMask: { paths } });
    expect(depois).toMatchObject({ email: false, push: false, silencio: { inicio: '22:00', fim: '08:00' } });
    expect(await recusa(ajustar({ updateMask: { paths: ['escolhas'] } }))).toEqual([
      Code.InvalidArgument,
      'REQUISICAO_INVALIDA',
    ]);
  });

  it('refuses what cannot be switched off, and what is no part of it', async () => {
    const fixa = { grupo: GrupoDeMensagens.ESTORNOS, canal: Canal.EMAIL };
    const junto = [
      { ...LEMBRETES_POR_EMAIL, ligada: false },
      { ...fixa, ligada: false },
    ];
    expect(await recusa(ajustar({ escolhas: junto }))).toEqual([
      Code.InvalidArgument,
      'PREFERENCIA_OBRIGATORIA',
    ]);
    expect(await recusa(ajustar({ sms: true }))).toEqual([Code.InvalidArgument, 'TELEFONE_AUSENTE']);
    expect(await recusa(ajustar({ idioma: 'en' }))).toEqual([Code.InvalidArgument, 'IDIOMA_INEXISTENTE']);
    for (const escolha of [
      { ...LEMBRETES_POR_EMAIL },
      { grupo: GrupoDeMensagens.LEMBRETES, ligada: true },
      { grupo: 99 as GrupoDeMensagens, canal: Canal.SMS, ligada: true },
    ])
      expect(await recusa(ajustar({ escolhas: [escolha] }))).toEqual([
        Code.InvalidArgument,
        'REQUISICAO_INVALIDA',
      ]);
    expect((await ler()).atualizadoEm).toBeUndefined();
    expect(await mudadas()).toEqual([]);
  });

  it('has quiet hours that can be others, and none', async () => {
    expect((await ler()).silencio).toMatchObject({ inicio: '22:00', fim: '08:00', incluiEmail: false });
    const minhas = { inicio: '23:00', fim: '06:30', fusoHorario: 'America/Manaus', incluiEmail: true };
    expect((await ajustar({ silencio: minhas })).silencio).toMatchObject(minhas);
    expect((await ajustar({ push: true })).silencio).toMatchObject(minhas);
    for (const [silencio, motivo] of [
      [{ ...minhas, fim: '23:00' }, 'SILENCIO_INVALIDO'],
      [{ ...minhas, fim: '' }, 'SILENCIO_INVALIDO'],
      [{ ...minhas, fusoHorario: 'Atlantis/Capital' }, 'FUSO_INVALIDO'],
      [{ ...minhas, fim: '25:00' }, 'REQUISICAO_INVALIDA'],
    ] as const)
      expect(await recusa(ajustar({ silencio }))).toEqual([Code.InvalidArgument, motivo]);
    expect((await ajustar({ silencio: {} })).silencio).toMatchObject({ inicio: '', fim: '' });
    expect((await mudadas()).map(({ valor }: { valor: string }) => valor)).toEqual([
      '23:00-06:30 America/Manaus e-mail',
      'true',
      '',
    ]);
  });

  it('keeps what two change at the same time', async () => {
    const partes = (Object.keys(GRUPOS) as Grupo[]).flatMap((grupo) =>
      CANAIS.filter((canal) => !ehObrigatoria(grupo, canal)).map((canal) => ({ grupo, canal })),
    );
    const handler = new AjustarPreferenciasHandler({ clock, idiomas: [], uow: uow() });
    const escolher = (ligada: boolean) =>
      Promise.all(
        partes.map((parte) =>
          handler.execute({ clienteId: cliente, ajuste: { escolhas: [{ ...parte, ligada }] } }),
        ),
      );
    await escolher(false);
    expect((await ler()).grade.filter(({ ligada }) => ligada).every(({ obrigatoria }) => obrigatoria)).toBe(
      true,
    );
    expect((await ler()).lembretes).toBe(false);
    await escolher(true);
    expect((await ler()).grade.every(({ ligada }) => ligada)).toBe(true);
    expect(await mudadas()).toHaveLength(2 * partes.length);
  });

  it('keeps in the database what the domain allows, and nothing else', async () => {
    const guardar = (desligadas: string[], id: string) =>
      sql(
        `insert into preferencias (cliente_id, email, sms, push, lembretes, telefone, atualizadas_em, desligadas)
         values ($1, true, false, false, true, '', now(), $2)`,
        [id, desligadas],
      ).then(
        () => true,
        () => false,
      );
    for (const grupo of Object.keys(GRUPOS) as Grupo[])
      for (const canal of CANAIS) {
        const celula = celulaDe(grupo, canal);
        expect([celula, await guardar([celula], `${cliente}_${celula}`)]).toEqual([
          celula,
          !ehObrigatoria(grupo, canal),
        ]);
      }
    expect(await guardar(['NADA/EMAIL'], `${cliente}_x`)).toBe(false);
    const lembretes = CANAIS.map((canal) => celulaDe('LEMBRETES', canal));
    expect(await guardar(lembretes, `${cliente}_y`)).toBe(false);
  });
});

describe('DesligarHandler', () => {
  const digesto = createHash('sha256').update('ana@exemplo.com').digest();
  const pedido = () =>
    ({ clienteId: cliente, grupo: 'LEMBRETES', canal: 'EMAIL', por: 'RECLAMACAO', digesto }) as const;

  beforeEach(() =>
    uow().run(async ({ contatos }) => {
      const conta = {
        usuarioId: cliente,
        nome: 'Ana',
        email: 'Ana@exemplo.com',
        versao: 1,
        verificado: true,
      };
      await contatos.save(conta, clock.now());
    }),
  );

  it('switches off once, however often it is asked, and notes why', async () => {
    const desligar = new DesligarHandler({ clock, uow: uow() });
    const vezes = await Promise.all([1, 2, 3].map(() => desligar.execute(pedido())));
    expect(vezes.every(({ isSuccess }) => isSuccess)).toBe(true);
    const { lembretes, grade } = await ler();
    expect(lembretes).toBe(true);
    expect(grade.filter(({ ligada }) => !ligada)).toMatchObject([LEMBRETES_POR_EMAIL]);
    expect(await mudadas()).toEqual([{ por: 'RECLAMACAO', campo: 'LEMBRETES/EMAIL', valor: 'false' }]);
  });

  it('leaves alone what is always told, and writes nothing of who is gone', async () => {
    const desligar = new DesligarHandler({ clock, uow: uow() });
    const proibida = await desligar.execute({ ...pedido(), grupo: 'SEGURANCA' });
    expect(proibida.isFailure && proibida.error.motivo).toBe('PREFERENCIA_OBRIGATORIA');
    await uow().run(({ contatos }) => contatos.apagar(cliente, clock.now()));
    expect((await desligar.execute(pedido())).isSuccess).toBe(true);
    expect([await mudadas(), (await ler()).atualizadoEm]).toEqual([[], undefined]);
  });
});

describe('what was changed', () => {
  it('is only added to, and gone with the person', async () => {
    await ajustar({ push: true });
    for (const comando of [
      `update mudancas_de_preferencia set valor = 'false' where cliente_id = '${cliente}'`,
      `delete from mudancas_de_preferencia where cliente_id = '${cliente}'`,
      'truncate mudancas_de_preferencia',
    ])
      await expect(sql(comando)).rejects.toThrow('append-only');
    await uow().run(async ({ contatos, preferencias }) => {
      await contatos.apagar(cliente, clock.now());
      await preferencias.apagar(cliente);
    });
    expect(await mudadas()).toEqual([]);
  });
});
