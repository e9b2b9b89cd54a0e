import type { Contato, Modelos } from '../application/ports.ts';
import { assuntoReservaConfirmada, renderizarReservaConfirmada } from './reserva-confirmada.ts';

/** The templates by what they are about, signed by the sender. */
export function createModelos(remetente: Contato): Modelos {
  const porModelo = {
    RESERVA_CONFIRMADA: { assunto: assuntoReservaConfirmada, renderizar: renderizarReservaConfirmada },
  };
  return {
    assunto: (modelo, dados) => porModelo[modelo].assunto(dados),
    renderizar: (modelo, dados, nome) => porModelo[modelo].renderizar(dados, nome, remetente),
  };
}
