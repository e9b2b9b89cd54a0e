import type { Dinheiro } from '@plataforma/domain/dinheiro';

/** What GESTORES give as bonus at a space in one month (`2026-06`), within one transaction. */
export interface BonusRepository {
  /** False when it would be more than the space may give; nothing is given then. */
  conceder(espacoId: string, mes: string, valor: Dinheiro): Promise<boolean>;
  saldo(espacoId: string, mes: string): Promise<{ readonly teto: Dinheiro; readonly resta: Dinheiro }>;
}
