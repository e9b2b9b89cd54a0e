import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { InformarDesfechoSchema } from '@plataforma/contratos/pagamentos/v1/comandos_pb';
import {
  CobrancaCanceladaSchema,
  PagamentoAprovadoSchema,
} from '@plataforma/contratos/pagamentos/v1/eventos_pb';
import { TipoEspaco } from '@plataforma/contratos/reservas/v1/espaco_pb';
import { ExcecaoCancelamento } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { tellConta } from '../contas-fixture.ts';
import { NOW } from '../reservas-fixture.ts';
import { deliver, type startReservas } from '../reservas-under-test.ts';

type Sut = Awaited<ReturnType<typeof startReservas>>;

const ADMIN = { sub: 'cli_admin', papeis: ['ADMIN'] };
const MINUTE_MS = 60_000;

/** Reservations that end in every way there is, so that every event about them has been published. */
export async function tellEverything(sut: Sut): Promise<void> {
  const admin = await sut.as(ADMIN);
  const cliente = await sut.as({ sub: 'cli_conto', papeis: ['CLIENTE'] });
  const precoPorHora = { centavos: 100_00n, moeda: 'BRL' };
  const espaco = { nome: 'Quadra', tipo: TipoEspaco.QUADRA, capacidade: 8, precoPorHora };
  const { id: espacoId } = await sut.espacos.criarEspaco(
    { ...espaco, endereco: 'Rua das Flores, 10' },
    admin,
  );
  const das = (hora: number) => {
    const em = (h: number) => timestampFromDate(new Date(Date.UTC(2026, 5, 10, h)));
    return { espacoId, dataInicio: em(hora), dataFim: em(hora + 1) };
  };
  const reservar = async (hora: number) => {
    const { id: reservaId, pagamentoId } = await sut.reservas.criarReserva(das(hora), cliente);
    return { reservaId, pagamentoId, clienteId: 'cli_conto' };
  };
  type Reservada = Awaited<ReturnType<typeof reservar>>;
  const pagar = (reservada: Reservada, versao = 2) => {
    return deliver(sut.parts, PagamentoAprovadoSchema, reservada, versao);
  };
  /** What is due by then is done. */
  const em = async (quando: Date) => {
    sut.clock.set(quando.toISOString());
    for (const work of sut.parts.background ?? []) await work.turn?.();
  };

  const paga = await reservar(13);
  await pagar(paga);
  await deliver(sut.parts, InformarDesfechoSchema, paga, 3);
  await pagar({ ...paga, pagamentoId: 'pag_outro' });
  const outro = await sut.as({ sub: 'cli_espera', papeis: ['CLIENTE'] });
  await sut.filaEspera.entrarNaFila(das(13), outro);
  await sut.reservas.obterReserva({ reservaId: paga.reservaId }, admin);
  const excepcional = ExcecaoCancelamento.PROBLEMA_NO_ESPACO;
  await sut.reservas.cancelarReserva({ reservaId: paga.reservaId, excepcional, motivo: 'Goteira' }, admin);
  const desistida = await reservar(14);
  await sut.reservas.cancelarReserva({ reservaId: desistida.reservaId, motivo: 'Choveu' }, cliente);
  await em(new Date(NOW));

  await tellConta(sut.parts, 'cli_convidado');
  const oferta = { ...das(15), clienteId: 'cli_convidado' };
  const { id: reservaId } = await sut.reservas.criarReserva(oferta, admin);
  await sut.reservas.aceitarReserva(
    { reservaId },
    await sut.as({ sub: 'cli_convidado', papeis: ['CLIENTE'] }),
  );

  const vencida = await reservar(16);
  const concluida = await reservar(17);
  await pagar(concluida);
  await em(new Date(new Date(NOW).getTime() + 20 * MINUTE_MS));
  await deliver(sut.parts, CobrancaCanceladaSchema, vencida, 3);
  await em(new Date('2026-06-10T20:00:00Z'));
}
