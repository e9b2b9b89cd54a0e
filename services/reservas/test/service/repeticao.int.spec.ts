import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TipoEspaco } from '@plataforma/contratos/reservas/v1/espaco_pb';
import { ExcecaoCancelamento } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { EscopoCancelamento } from '@plataforma/contratos/reservas/v1/series_service_pb';
import { isRead } from '@plataforma/runtime/rpc';
import { tellConta } from '../contas-fixture.ts';
import { newId } from '../reservas-fixture.ts';
import { failure, startReservas } from '../reservas-under-test.ts';

/*
 * A call that comes again under its `Idempotency-Key` after the caller has lost the space that it was about, or a role: what
 * it has done is no longer theirs to hear of.
 */

let sut: Awaited<ReturnType<typeof startReservas>>;

beforeAll(async () => {
  sut = await startReservas();
});

afterAll(() => sut?.close());

type Chamada = Awaited<ReturnType<typeof sut.as>>;

const ADMIN = { sub: 'cli_admin', papeis: ['ADMIN'] };
const NEGADO = 'PermissionDenied ACESSO_NEGADO';

let dia = 4;

/** Two hours of a day of June that nobody has asked for yet. */
function periodo() {
  dia += 1;
  const em = (hora: number) => timestampFromDate(new Date(Date.UTC(2026, 5, dia, hora)));
  return { dataInicio: em(13), dataFim: em(15) };
}

async function novoEspaco(): Promise<string> {
  const precoPorHora = { centavos: 100_00n, moeda: 'BRL' };
  const espaco = { nome: 'Sala', tipo: TipoEspaco.QUADRA, capacidade: 8, precoPorHora };
  return (await sut.espacos.criarEspaco(espaco, await sut.as(ADMIN))).id;
}

async function reservaDe(espacoId: string, quando = periodo()) {
  const cliente = await sut.as({ sub: newId('cli'), papeis: ['CLIENTE'] });
  return sut.reservas.criarReserva({ espacoId, ...quando }, cliente);
}

async function fechamento(espacoId: string, como: Chamada) {
  const { dataInicio, dataFim } = periodo();
  return sut.espacos.criarFechamento({ espacoId, dataInicio, dataFim }, como);
}

function serie(espacoId: string) {
  dia += 1;
  const inicioLocal = `2026-06-${String(dia).padStart(2, '0')}T10:00`;
  return { espacoId, inicioLocal, duracaoMinutos: 60, rrule: 'FREQ=WEEKLY;COUNT=1' };
}

interface Ato {
  /** How the repeated call is refused. */
  readonly recusa: string;
  /** How it is refused even when the space is back: what it made is gone. Default: it is answered as before. */
  readonly depois?: string;
  /** In series and in the waitlist a GESTOR is a customer like any other. */
  readonly soAdmin?: true;
  /** Makes everything that the call is about; answers the call itself. */
  readonly fazer: (espacoId: string) => Promise<(como: Chamada) => Promise<unknown>>;
}

/** What is done to a space or to others by each method. */
const DE_QUEM_GERE: Readonly<Record<string, Ato>> = {
  AtualizarEspaco: {
    recusa: NEGADO,
    fazer: async (espacoId) => (como) => sut.espacos.atualizarEspaco({ espacoId, nome: 'Outro' }, como),
  },
  CriarFechamento: {
    recusa: NEGADO,
    async fazer(espacoId) {
      const { dataInicio, dataFim } = periodo();
      return (como) => sut.espacos.criarFechamento({ espacoId, dataInicio, dataFim }, como);
    },
  },
  RemoverFechamento: {
    recusa: NEGADO,
    async fazer(espacoId) {
      const { id: fechamentoId } = await fechamento(espacoId, await sut.as(ADMIN));
      return (como) => sut.espacos.removerFechamento({ espacoId, fechamentoId }, como);
    },
  },
  CriarReserva: {
    recusa: NEGADO,
    async fazer(espacoId) {
      const clienteId = newId('cli');
      await tellConta(sut.parts, clienteId);
      const pedido = { espacoId, ...periodo(), clienteId };
      return (como) => sut.reservas.criarReserva(pedido, como);
    },
  },
  CancelarReserva: {
    recusa: 'NotFound RESERVA_NAO_ENCONTRADA',
    async fazer(espacoId) {
      const { id: reservaId } = await reservaDe(espacoId);
      const excepcional = ExcecaoCancelamento.FORCA_MAIOR;
      return (como) => sut.reservas.cancelarReserva({ reservaId, motivo: 'x', excepcional }, como);
    },
  },
  CriarSerie: {
    recusa: NEGADO,
    soAdmin: true,
    async fazer(espacoId) {
      const pedido = { ...serie(espacoId), dispensas: { limite: true, motivo: 'x' } };
      return (como) => sut.series.criarSerie(pedido, como);
    },
  },
  CancelarSerie: {
    recusa: 'NotFound SERIE_NAO_ENCONTRADA',
    soAdmin: true,
    async fazer(espacoId) {
      const dono = await sut.as({ sub: newId('cli'), papeis: ['CLIENTE'] });
      const { id: serieId } = await sut.series.criarSerie(serie(espacoId), dono);
      const pedido = { serieId, escopo: EscopoCancelamento.TODAS, motivo: 'x' };
      return (como) => sut.series.cancelarSerie(pedido, como);
    },
  },
  SairDaFila: {
    recusa: 'NotFound ENTRADA_NAO_ENCONTRADA',
    soAdmin: true,
    async fazer(espacoId) {
      const quando = periodo();
      await reservaDe(espacoId, quando);
      const espera = await sut.as({ sub: newId('cli'), papeis: ['CLIENTE'] });
      const { id: entradaId } = await sut.filaEspera.entrarNaFila({ espacoId, ...quando }, espera);
      return (como) => sut.filaEspera.sairDaFila({ entradaId }, como);
    },
  },
  CriarCalendario: {
    recusa: NEGADO,
    depois: 'NotFound CALENDARIO_NAO_ENCONTRADO',
    fazer: async (espacoId) => (como) => sut.calendarios.criarCalendario({ espacoId }, como),
  },
};

/** What the access rule decides alone, and what everybody does to what is their own. */
const SEM_GESTAO = [
  'CriarEspaco',
  'DesativarEspaco',
  'AtribuirGestor',
  'RemoverGestor',
  'ConfirmarReserva',
  'AceitarReserva',
  'CotarReserva',
  'EntrarNaFila',
  'RevogarCalendario',
];

/** What changes nothing the second time, and undoes nothing of what others did in between. */
const DE_NOVO = ['CotarReserva'];

describe('a repeated call', () => {
  it('is answered from its effect by every method, except where it can be carried out again', () => {
    const semEfeito = sut.parts.services
      .flatMap(({ methods }) => methods)
      .filter(({ spec, load }) => !load && !isRead(spec.method));
    expect(semEfeito.map(({ spec }) => spec.method.name).sort()).toEqual(DE_NOVO);
  });
});

describe('a repeated call of somebody who does not run the space any more', () => {
  it('is tried for every method that changes something', () => {
    const mudam = sut.parts.services
      .flatMap(({ methods }) => methods)
      .filter(({ spec }) => !isRead(spec.method));
    expect(mudam.map(({ spec }) => spec.method.name).sort()).toEqual(
      [...Object.keys(DE_QUEM_GERE), ...SEM_GESTAO].sort(),
    );
    const perguntam = mudam.filter(({ direito, load }) => direito || !load);
    expect(perguntam.map(({ spec }) => spec.method.name)).toEqual(
      expect.arrayContaining(Object.keys(DE_QUEM_GERE)),
    );
  });

  const atos = Object.entries(DE_QUEM_GERE);

  it.each(atos.filter(([, { soAdmin }]) => !soAdmin))(
    'is refused to a GESTOR without the space: %s',
    async (_, { recusa, depois, fazer }) => {
      const espacoId = await novoEspaco();
      const gestor = { sub: newId('cli'), papeis: ['CLIENTE', 'GESTOR'] };
      await sut.espacos.atribuirGestor({ espacoId, usuarioId: gestor.sub }, await sut.as(ADMIN));
      const chamar = await fazer(espacoId);
      const como = await sut.as(gestor, { 'idempotency-key': newId('chave') });
      const primeira = await chamar(como);
      expect(await chamar(como)).toEqual(primeira);
      await sut.espacos.removerGestor({ espacoId, usuarioId: gestor.sub }, await sut.as(ADMIN));
      expect(await failure(chamar(como))).toBe(recusa);
      await sut.espacos.atribuirGestor({ espacoId, usuarioId: gestor.sub }, await sut.as(ADMIN));
      if (depois) expect(await failure(chamar(como))).toBe(depois);
      else expect(await chamar(como)).toEqual(primeira);
    },
  );

  it.each(atos)('is refused to who is no ADMIN any more: %s', async (_, { recusa, fazer }) => {
    const chamar = await fazer(await novoEspaco());
    const chave = { 'idempotency-key': newId('chave') };
    const sub = newId('cli');
    await chamar(await sut.as({ sub, papeis: ['ADMIN'] }, chave));
    expect(await failure(chamar(await sut.as({ sub, papeis: ['CLIENTE'] }, chave)))).toBe(recusa);
  });
});

describe('a refusal under an Idempotency-Key', () => {
  it('is not repeated once its cause is gone', async () => {
    const espacoId = await novoEspaco();
    const quando = periodo();
    const dono = await sut.as({ sub: newId('cli'), papeis: ['CLIENTE'] });
    const { id: reservaId } = await sut.reservas.criarReserva({ espacoId, ...quando }, dono);
    const outro = await sut.as(
      { sub: newId('cli'), papeis: ['CLIENTE'] },
      { 'idempotency-key': newId('chave') },
    );
    const reservar = () => sut.reservas.criarReserva({ espacoId, ...quando }, outro);
    expect(await failure(reservar())).toBe('AlreadyExists ESPACO_INDISPONIVEL');
    await sut.reservas.cancelarReserva({ reservaId }, dono);
    expect((await reservar()).espacoId).toBe(espacoId);
  });

  it('is not repeated to a GESTOR who got the space in the meantime', async () => {
    const espacoId = await novoEspaco();
    const gestor = { sub: newId('cli'), papeis: ['CLIENTE', 'GESTOR'] };
    const como = await sut.as(gestor, { 'idempotency-key': newId('chave') });
    const mudar = () => sut.espacos.atualizarEspaco({ espacoId, nome: 'Outro' }, como);
    expect(await failure(mudar())).toBe(NEGADO);
    await sut.espacos.atribuirGestor({ espacoId, usuarioId: gestor.sub }, await sut.as(ADMIN));
    expect((await mudar()).nome).toBe('Outro');
  });
});
