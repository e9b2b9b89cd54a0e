import type { DadosTrocaDeEmail } from '../../domain/aviso.ts';
import { COR } from '../leiaute/leiaute.ts';
import type { Template } from '../leiaute/template.ts';

const FRASE =
  'Para usar este endereço na sua conta, entre na plataforma e informe o código abaixo onde a troca foi pedida.';

/**
 * Brings the code that gives an account its new address. Says nothing of the account, and nothing that somebody else has
 * written: whose address it is, is not known yet.
 */
export const trocaDeEmail: Template<DadosTrocaDeEmail> = {
  assunto: () => 'Confirme seu novo e-mail',
  visao: ({ codigo }) => ({
    previa: 'O código vale por 30 minutos.',
    selo: { texto: 'Segurança da conta', cor: COR.neutra },
    cabecalho: 'Confirme seu novo e-mail',
    introducao: FRASE,
    abertura: FRASE,
    linhas: [{ rotulo: 'Código', valor: codigo }],
    porque: 'alguém pediu para usar este endereço em uma conta',
    fecho:
      'O código vale por 30 minutos e uma única vez; um novo pedido o substitui. Não o informe a ninguém. Se não foi você que pediu, ignore esta mensagem: sem o código, nada muda.',
  }),
};
