export { canonicalText } from './canonical.ts';
export { findMatch, targetOf } from './catalog.ts';
export { commandOf, type RuleEdit } from './command.ts';
export { describeRule, type RuleWords, type Words } from './describe.ts';
export { type ErrorParams, type NetfilterCode, NetfilterError } from './error.ts';
export { type Exposure, exposure } from './exposure.ts';
export { fieldsOfRule, maxCommentBytes, type RuleFields, ruleFromFields } from './fields.ts';
export { foreignOwner } from './foreign.ts';
export {
  applyEdit,
  type ChainView,
  completeRuleSet,
  type Edit,
  type SshguardView,
  savedText,
  viewChains,
  viewSshguard,
} from './host-rules.ts';
export { abbreviateCounter, printListing } from './listing.ts';
export { connectionStates } from './matches/conntrack.ts';
export {
  blankRule,
  builtInChains,
  type Chain,
  type Family,
  isBuiltIn,
  isModelled,
  type Match,
  type Negatable,
  type Policy,
  type Rule,
  type RuleSet,
  type Table,
  type Target,
} from './model.ts';
export { parseRule, parseRules, type RuleOptions } from './parse-rule.ts';
export { parseSave, type SaveOptions } from './parse-save.ts';
export { type PrintOptions, printRule, printSave } from './print.ts';
export { rejectAnswers } from './targets/reject.ts';
export { type Finding, type RulePlace, validateFields, validateRule } from './validate.ts';
