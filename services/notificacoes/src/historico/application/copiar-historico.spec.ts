import { expect, it } from '@jest/globals';
import { type Failure, ProviderAwayError } from '@plataforma/domain/work-queue';
import { copiarHistorico } from './copiar-historico.ts';
import type { ArquivoDeHistorico, RegistroLido } from './ports.ts';

const registro = (sequencia: number): RegistroLido => ({
  ...{ notificacaoId: 'not_1', sequencia, clienteId: 'cli_1', canal: 'EMAIL', modelo: 'RESERVA_CONFIRMADA' },
  ...{ reservaId: '', tipo: 'CRIADA', detalhe: '', ocorridoEm: new Date('2026-11-23T12:00:00Z') },
});

/** A queue in memory, and one look at it. */
async function olhar(esperam: RegistroLido[], acrescentar: ArquivoDeHistorico['acrescentar']) {
  const copiados: number[] = [];
  const adiados: number[] = [];
  const falhas: Failure[] = [];
  const work = copiarHistorico({
    fila: {
      devidos: async (limite) => esperam.slice(0, limite),
      copiados: async (registros) => void copiados.push(...registros.map(({ sequencia }) => sequencia)),
      async adiar({ registro: { sequencia } }) {
        adiados.push(sequencia);
        return { item: `not_1/${sequencia}`, failures: 1 };
      },
    },
    arquivo: { acrescentar },
  });
  const feitos = await work(2, (falha) => falhas.push(falha)).catch((error: unknown) => error);
  return { feitos, copiados, adiados, falhas };
}

it('strikes off what the archive has, and no more than it was asked for', async () => {
  const todos = [registro(1), registro(2), registro(3)];
  expect(await olhar(todos, async () => [])).toMatchObject({ feitos: 2, copiados: [1, 2], adiados: [] });
});

it('puts off what the archive refuses, and copies what comes behind it', async () => {
  const [ruim, bom] = [registro(1), registro(2)];
  const erro = new Error('Document failed validation');
  const olhada = await olhar([ruim, bom], async () => [{ registro: ruim, erro }]);
  expect(olhada).toMatchObject({ feitos: 2, copiados: [2], adiados: [1] });
  expect(olhada.falhas).toEqual([{ item: 'not_1/1', failures: 1, error: erro }]);
});

it('strikes nothing off while the archive is away', async () => {
  const fora = new ProviderAwayError('away');
  const olhada = await olhar([registro(1)], async () => {
    throw fora;
  });
  expect(olhada).toEqual({ feitos: fora, copiados: [], adiados: [], falhas: [] });
});
