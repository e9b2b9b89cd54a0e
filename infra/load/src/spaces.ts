import { TipoEspaco } from '@plataforma/contratos/reservas/v1/espaco_pb';
import { EspacosService } from '@plataforma/contratos/reservas/v1/espacos_service_pb';
import { createGrpcClient } from '@plataforma/runtime/grpc-client';
import { runLoad } from './stats.ts';

/** Makes spaces as an admin would. */
export async function makeSpaces(address: string, authorization: string, count: number): Promise<string[]> {
  const espacos = createGrpcClient(EspacosService, { address, timeoutMs: 30_000 });
  const ids: string[] = [];
  await runLoad({
    callers: 16,
    seconds: 120,
    work: Array.from({ length: count }, (_, n) => n)[Symbol.iterator](),
    call: async (n) => {
      const request = {
        nome: `Sala ${n}`,
        tipo: TipoEspaco.SALA_REUNIAO,
        capacidade: 10,
        precoPorHora: { centavos: 10_000n, moeda: 'BRL' },
        // A customer of a benchmark pays late or never, and comes back at once.
        limitesPendentes: { reservas: 100, horas: 1000, resfriamentoMinutos: 0 },
      };
      const { id } = await espacos.criarEspaco(request, { headers: { authorization } });
      ids.push(id);
    },
  });
  espacos.close();
  return ids;
}
