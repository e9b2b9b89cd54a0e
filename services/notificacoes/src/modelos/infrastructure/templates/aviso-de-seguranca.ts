import { isIP } from 'node:net';
import { nomeDoDispositivo } from '@plataforma/domain/dispositivo';
import type { DadosAvisoDeSeguranca, TipoDeAviso } from '../../domain/aviso.ts';
import { formatarInstante } from '../leiaute/formatos.ts';
import { COR } from '../leiaute/leiaute.ts';
import type { Template } from '../leiaute/template.ts';

/** An account has no time zone of its own. */
const FUSO = 'America/Sao_Paulo';

const REDEFINA =
  'Se não foi você, redefina a sua senha agora, pela opção "Esqueci minha senha", e fale com a nossa equipe.';

interface Texto {
  readonly assunto: string;
  readonly frase: string;
  /** What to do when it was somebody else. */
  readonly fecho: string;
}

const TEXTOS: { readonly [T in TipoDeAviso]: Texto } = {
  SENHA_ALTERADA: {
    assunto: 'Sua senha foi alterada',
    frase: 'A senha da sua conta foi alterada, e as outras sessões foram encerradas.',
    fecho: REDEFINA,
  },
  SENHA_REDEFINIDA: {
    assunto: 'Sua senha foi redefinida',
    frase:
      'A sua conta tem uma senha nova, escolhida com o código enviado por e-mail. Todas as sessões foram encerradas.',
    fecho: `${REDEFINA} Troque também a senha deste e-mail.`,
  },
  MFA_ATIVADO: {
    assunto: 'Verificação em duas etapas ativada',
    frase: 'A partir de agora, entrar na sua conta pede também um código do aplicativo autenticador.',
    fecho: REDEFINA,
  },
  MFA_DESATIVADO: {
    assunto: 'Aplicativo autenticador removido',
    // There may be passkeys yet, of which this event does not tell.
    frase:
      'O aplicativo autenticador foi removido da sua conta. Sem chaves de acesso (passkeys), ela fica sem verificação em duas etapas.',
    fecho: REDEFINA,
  },
  MFA_RETIRADO: {
    assunto: 'Verificação em duas etapas retirada',
    frase:
      'A nossa equipe retirou a verificação em duas etapas da sua conta, e todas as sessões foram encerradas. Entre com a sua senha e configure-a de novo.',
    fecho: 'Se não foi você que pediu, redefina a sua senha agora e fale com a nossa equipe o quanto antes.',
  },
  CODIGO_RECUPERACAO_USADO: {
    assunto: 'Um código de recuperação foi usado',
    frase: 'Um dos códigos de recuperação da sua conta foi usado e não vale mais.',
    fecho: REDEFINA,
  },
  CODIGOS_RECUPERACAO_NOVOS: {
    assunto: 'Novos códigos de recuperação',
    frase: 'A sua conta tem códigos de recuperação novos. Os anteriores não valem mais.',
    fecho: REDEFINA,
  },
  EMAIL_ALTERADO: {
    assunto: 'O e-mail da sua conta foi alterado',
    frase: 'A sua conta tem outro endereço de e-mail. Este aqui não recebe mais mensagens dela.',
    fecho: 'Se não foi você, fale com a nossa equipe o quanto antes.',
  },
  EMAIL_ALTERACAO_PEDIDA: {
    assunto: 'Pedido de troca do e-mail da sua conta',
    frase:
      'Alguém que entrou na sua conta pediu para trocar o e-mail dela. A troca só acontece depois que o novo endereço for confirmado.',
    fecho:
      'Se não foi você, redefina a sua senha agora, pela opção "Esqueci minha senha": enquanto o novo endereço não for confirmado, isso cancela o pedido e encerra todas as sessões. Depois, fale com a nossa equipe.',
  },
  EMAIL_DEVOLVIDO: {
    assunto: 'O e-mail da sua conta voltou a ser o anterior',
    frase:
      'A sua conta voltou a ter um e-mail anterior, com o qual foi pedida uma senha nova. Este aqui não recebe mais mensagens dela, e todas as sessões foram encerradas.',
    fecho: 'Se não foi você, fale com a nossa equipe o quanto antes.',
  },
  GOOGLE_VINCULADO: {
    assunto: 'Conta do Google vinculada',
    frase: 'A partir de agora, também é possível entrar na sua conta com uma conta do Google.',
    fecho: `${REDEFINA} Desvincule também essa conta do Google.`,
  },
  GOOGLE_DESVINCULADO: {
    assunto: 'Conta do Google desvinculada',
    frase:
      'Já não é possível entrar na sua conta com uma conta do Google, e as outras sessões foram encerradas.',
    fecho: REDEFINA,
  },
  SESSOES_ENCERRADAS_POR_REUSO: {
    assunto: 'Uma sessão foi encerrada por segurança',
    frase:
      'Uma sessão da sua conta foi usada em dois lugares ao mesmo tempo. Nós a encerramos: entre novamente.',
    fecho: REDEFINA,
  },
  DADOS_EXPORTADOS: {
    assunto: 'Seus dados estão prontos',
    frase:
      'O arquivo com os seus dados, pedido na sua conta, está pronto. Entre na sua conta para baixá-lo: por sete dias ele fica em "Meus dados".',
    fecho: REDEFINA,
  },
  CADASTRO_REPETIDO: {
    assunto: 'Você já tem uma conta',
    frase: 'Alguém tentou criar uma conta com este e-mail, mas você já tem uma.',
    fecho:
      'Se foi você, entre com a sua senha ou use a opção "Esqueci minha senha". Se não foi, não é preciso fazer nada.',
  },
  PASSKEY_ADICIONADA: {
    assunto: 'Chave de acesso adicionada',
    // True of every account with a passkey, be it the first one or not: it has its second factor on.
    frase:
      'A partir de agora, também é possível entrar na sua conta com uma nova chave de acesso (passkey). A verificação em duas etapas está ativa: entrar com a senha pede também a chave de acesso ou um código. As outras sessões foram encerradas.',
    fecho: `${REDEFINA} Remova também a chave de acesso.`,
  },
  PASSKEY_REMOVIDA: {
    assunto: 'Chave de acesso removida',
    frase: 'Uma das chaves de acesso (passkeys) da sua conta foi removida e não vale mais.',
    fecho: REDEFINA,
  },
  CONTA_REMOVIDA: {
    assunto: 'Sua conta foi removida',
    // By whom, the event does not say; the report does.
    frase:
      'A sua conta foi removida, a seu pedido ou por um administrador, e os seus dados pessoais estão sendo apagados. Esta é a última mensagem que você recebe de nós.',
    fecho:
      'Guarde o protocolo. Com ele, e sem conta, você vê o relatório: quem removeu a conta, o que foi apagado e o que a lei nos obriga a guardar. Ele está na plataforma, no caminho indicado acima. Se não foi você que pediu e não sabe por quê, fale com a nossa equipe.',
  },
};

const peca = (ate: string) =>
  `peça uma nova senha com este e-mail até ${ate}, pela opção "Esqueci minha senha"`;

/** What differs while the account may come back to the address that the message goes to. */
const COM_VOLTA: { readonly [T in TipoDeAviso]?: (ate: string) => Omit<Texto, 'assunto'> } = {
  EMAIL_ALTERACAO_PEDIDA: (ate) => ({
    frase: TEXTOS.EMAIL_ALTERACAO_PEDIDA.frase,
    fecho: `Se não foi você, ${peca(ate)}: isso cancela o pedido ou, se a troca já tiver sido feita, devolve este e-mail à conta. Todas as sessões são encerradas.`,
  }),
  EMAIL_ALTERADO: (ate) => ({
    frase: 'A sua conta tem outro endereço de e-mail. As mensagens dela vão agora para lá.',
    fecho: `Se não foi você, ${peca(ate)}: a conta volta a ter este e-mail, e todas as sessões são encerradas.`,
  }),
  CADASTRO_REPETIDO: (ate) => ({
    frase:
      'Alguém tentou criar uma conta com este e-mail, que era o da sua conta até há poucos dias. Por enquanto nenhuma outra conta pode confirmá-lo.',
    fecho: `Se não foi você que trocou o e-mail da sua conta, ${peca(ate)}: ela volta a ter este e-mail. Se foi, não é preciso fazer nada.`,
  }),
};

function textoDe(tipo: TipoDeAviso, voltaAte: string | undefined): Omit<Texto, 'assunto'> {
  const comVolta = COM_VOLTA[tipo];
  if (voltaAte === undefined || comVolta === undefined) return TEXTOS[tipo];
  return comVolta(formatarInstante(new Date(voltaAte), FUSO));
}

/** Tells the owner of an account what was done to it, when, and from where. */
export const avisoDeSeguranca: Template<DadosAvisoDeSeguranca> = {
  assunto: ({ tipo }) => TEXTOS[tipo].assunto,
  visao({ tipo, em, enderecoIp, dispositivo, protocolo = '', voltaAte }) {
    const { assunto } = TEXTOS[tipo];
    const { frase, fecho } = textoDe(tipo, voltaAte);
    return {
      previa: frase,
      selo: { texto: 'Segurança da conta', cor: COR.alerta },
      cabecalho: assunto,
      introducao: frase,
      abertura: frase,
      linhas: [
        { rotulo: 'Quando', valor: formatarInstante(new Date(em), FUSO) },
        { rotulo: 'Dispositivo', valor: nomeDoDispositivo(dispositivo) },
        { rotulo: 'Endereço IP', valor: enderecoDe(enderecoIp) },
        { rotulo: 'Protocolo', valor: protocolo },
        { rotulo: 'Relatório', valor: protocolo && `/api/v1/erasures/${protocolo}` },
      ],
      porque: 'ela trata da segurança da sua conta',
      fecho,
    };
  },
};

/** An address, or an IPv6 network such as `2001:db8::/64`, and nothing else. */
function enderecoDe(texto: string): string {
  return isIP(texto.replace(/\/\d{1,3}$/, '')) === 0 ? '' : texto;
}
