import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { EstadoPagamento } from '../domain/pagamento.ts';

/** Version of the state's shape. Raise it with any change of the state: older snapshots are then passed over. */
export const ESQUEMA_DO_ESTADO = 4;

/** The state as JSON; what JSON cannot tell from texts and numbers is marked. */
export function encodeEstado(estado: EstadoPagamento): string {
  return JSON.stringify(marcar(estado));
}

/** The state from parsed JSON. */
export function decodeEstado(json: unknown): EstadoPagamento {
  return desmarcar(json) as EstadoPagamento;
}

function marcar(valor: unknown): unknown {
  if (valor instanceof Date) return { $instante: valor.toISOString() };
  if (valor instanceof Dinheiro) return { $dinheiro: [String(valor.centavos), valor.moeda] };
  return percorrer(valor, marcar);
}

function desmarcar(valor: unknown): unknown {
  const { $instante, $dinheiro } = (valor ?? {}) as { $instante?: string; $dinheiro?: [string, string] };
  if ($instante !== undefined) return new Date($instante);
  if ($dinheiro !== undefined) return Dinheiro.deCentavos(BigInt($dinheiro[0]), $dinheiro[1]);
  return percorrer(valor, desmarcar);
}

function percorrer(valor: unknown, cada: (parte: unknown) => unknown): unknown {
  if (Array.isArray(valor)) return valor.map(cada);
  if (typeof valor !== 'object' || valor === null) return valor;
  return Object.fromEntries(Object.entries(valor).map(([chave, parte]) => [chave, cada(parte)]));
}
