"""Files that seem to prove something, and honest ones that do."""

from __future__ import annotations

from dataclasses import dataclass

from neurosym.backends.lean.verdict import LeanFault

__all__ = ["ATTACKS", "HONEST", "Attack", "Honest"]

FALSE = "theorem goal : False"
ONE_IS_TWO = "theorem goal : Eq (1 : Nat) (2 : Nat)"


@dataclass(frozen=True)
class Attack:
    """A file that must not be believed.

    Attributes:
        name: What it tries.
        file: The file, without its header.
        fault: The check that has to fail.
        asked: The statement.
        fools: Whether Lean itself has no error to report and names no axiom.
    """

    name: str
    file: str
    fault: LeanFault
    asked: str = FALSE
    fools: bool = False


@dataclass(frozen=True)
class Honest:
    """A file that has to be believed."""

    name: str
    asked: str
    file: str


STATEMENT, COMMANDS = LeanFault.STATEMENT, LeanFault.COMMANDS
PLACEHOLDERS, OPTIONS = LeanFault.PLACEHOLDERS, LeanFault.OPTIONS

ATTACKS = (
    Attack("sorry", f"{FALSE} := sorry", PLACEHOLDERS),
    Attack("sorry by its axiom", f"{FALSE} := sorryAx False Bool.false", PLACEHOLDERS),
    Attack("sorry in a lemma", f"theorem help : False := sorry\n{FALSE} := help", PLACEHOLDERS),
    Attack("an axiom", f"axiom cheat : False\n{FALSE} := cheat", PLACEHOLDERS),
    Attack(
        "an axiom on the line of a theorem",
        f"theorem t : True := True.intro axiom cheat : False {FALSE} := cheat",
        PLACEHOLDERS,
    ),
    Attack(
        "a documented axiom", f"/-- fine -/ axiom cheat : False\n{FALSE} := cheat", PLACEHOLDERS
    ),
    Attack("another statement", "theorem goal : True := True.intro", STATEMENT, fools=True),
    Attack("a hypothesis more", "theorem goal (h : False) : False := h", STATEMENT, fools=True),
    Attack(
        "a hypothesis from a variable",
        f"variable (h : False)\ninclude h\n{FALSE} := h",
        STATEMENT,
        fools=True,
    ),
    Attack(
        "a hypothesis that stays when sections end",
        f"end\nvariable (h : False)\ninclude h\nsection\n{FALSE} := h",
        COMMANDS,
    ),
    Attack(
        "a hypothesis in a class",
        "class Cheat : Prop where\n  h : False\ntheorem goal [Cheat] : False := Cheat.h",
        STATEMENT,
        fools=True,
    ),
    Attack(
        "a hypothesis bound by itself",
        "set_option autoImplicit true\ntheorem goal (h : F) : Or F F := Or.inl h",
        STATEMENT,
        fools=True,
    ),
    Attack(
        "a universe less",
        "theorem goal (α : Type) (a : α) : Eq a a := Eq.refl a",
        STATEMENT,
        asked="universe u\ntheorem goal (α : Sort u) (a : α) : Eq a a",
        fools=True,
    ),
    Attack(
        "a word with another meaning in a namespace",
        "namespace N\ninductive False : Prop where\n  | intro : False\n"
        f"{FALSE} := False.intro\nend N",
        STATEMENT,
        fools=True,
    ),
    Attack(
        "a word with another meaning by opening",
        "namespace N\ndef Truth : Prop := True\nend N\n"
        "open N renaming Truth → False\nnamespace M\nopen N renaming Truth → Eq\n"
        "theorem goal : N.Truth := True.intro\nend M",
        STATEMENT,
        fools=True,
    ),
    Attack(
        "a numeral with another value",
        f"instance : OfNat Nat 2 where\n  ofNat := 1\n{ONE_IS_TWO} := Eq.refl (1 : Nat)",
        STATEMENT,
        asked=ONE_IS_TWO,
        fools=True,
    ),
    Attack(
        "a numeral with another value, the first one taken away",
        "attribute [-instance] instOfNatNat\ninstance all (n : Nat) : OfNat Nat n where\n"
        f"  ofNat := Nat.zero\n{ONE_IS_TWO} := Eq.refl Nat.zero",
        STATEMENT,
        asked=ONE_IS_TWO,
        fools=True,
    ),
    Attack(
        "a type of the same name",
        "namespace N\ninductive Nat : Type where\n  | only : Nat\n"
        "theorem goal (a b : Nat) : Eq a b :=\n"
        "  Nat.rec (motive := fun x => Eq x b)\n"
        "    (Nat.rec (motive := fun y => Eq Nat.only y) (Eq.refl Nat.only) b) a\nend N",
        STATEMENT,
        asked="theorem goal (a b : Nat) : Eq a b",
        fools=True,
    ),
    Attack(
        "a relation of the same name",
        f"namespace N\ndef Eq (a b : Nat) : Prop := True\n{ONE_IS_TWO} := True.intro\nend N",
        STATEMENT,
        asked=ONE_IS_TWO,
        fools=True,
    ),
    Attack(
        "a kernel that is not asked",
        "set_option debug.skipKernelTC true\n"
        "inductive Bad : Type where\n  | mk (f : Bad → False) : Bad\n"
        f"{FALSE} := sorry",
        OPTIONS,
    ),
    Attack(
        "a kernel that is not asked, for one theorem",
        f"set_option debug.skipKernelTC true in\n{FALSE} := (fun (h : False) => h) nonsense",
        OPTIONS,
    ),
    Attack(
        "an option inside of a proof",
        f"{FALSE} := set_option debug.byAsSorry true in by trivial",
        OPTIONS,
    ),
    Attack(
        "an end before the end",
        f"#exit\n{FALSE} := cheat",
        COMMANDS,
    ),
    Attack("itself", f"{FALSE} := goal", LeanFault.ELABORATION),
    Attack(
        "a definition without an end",
        f"partial def cheat (n : Nat) : False := cheat n\n{FALSE} := cheat 0",
        LeanFault.ELABORATION,
    ),
    Attack("unsafe code", f"unsafe def cheat : False := cheat\n{FALSE} := cheat", COMMANDS),
    Attack(
        "other code in place of a definition",
        f"def no : Bool := Bool.false\n@[implemented_by no] def yes : Bool := Bool.true\n"
        f"{FALSE} := cheat",
        COMMANDS,
    ),
    Attack(
        "foreign code", f'@[extern "cheat"] def cheat : Bool := Bool.true\n{FALSE} := x', COMMANDS
    ),
    Attack("an opaque proof", f"opaque cheat : False\n{FALSE} := cheat", COMMANDS),
    Attack("notation", f'local notation "False" => True\n{FALSE} := True.intro', COMMANDS),
    Attack("infix notation", f'infix:50 " = " => Or\n{FALSE} := True.intro', COMMANDS),
    Attack("a macro", f'macro "False" : term => `(True)\n{FALSE} := True.intro', COMMANDS),
    Attack(
        "a macro for commands",
        "macro_rules | `(theorem $n : $t := $p) => `(theorem $n : True := True.intro)\n"
        f"{FALSE} := cheat",
        COMMANDS,
    ),
    Attack("an elaborator", f'elab "cheat" : term => pure x\n{FALSE} := cheat', COMMANDS),
    Attack(
        "an elaborator by attribute",
        f"@[command_elab declaration] def mine := other\n{FALSE} := cheat",
        COMMANDS,
    ),
    Attack("a command that runs", f"run_cmd addDecl cheat\n{FALSE} := cheat", COMMANDS),
    Attack("a term that runs", f"{FALSE} := by_elab cheat", COMMANDS),
    Attack("a tactic that runs", f"{FALSE} := by run_tac cheat", COMMANDS),
    Attack("an initializer", f"initialize cheat\n{FALSE} := cheat", COMMANDS),
    Attack("evaluation", f'#eval IO.FS.readFile "/etc/passwd"\n{FALSE} := cheat', COMMANDS),
    Attack("a file read", f'def x := include_str "/etc/passwd"\n{FALSE} := cheat', COMMANDS),
    Attack("a command nobody knows", f"conjure False\n{FALSE} := cheat", COMMANDS),
    Attack(
        "an axiom in what looks like an interpolated string",
        'def a (n : Nat) : Nat := n termination_by fun s!"{" => n axiom propext : False '
        'def b (n : Nat) : Nat := n termination_by fun s! "}" => n\n'
        f"{FALSE} := propext",
        COMMANDS,
    ),
    Attack(
        "an axiom in what looks like a raw string",
        'def a (n : Nat) : Nat := n termination_by fun (x).r"\\"" => n axiom propext : False '
        'def b (n : Nat) : Nat := n termination_by fun r "\\"" => n\n'
        f"{FALSE} := propext",
        COMMANDS,
    ),
    Attack(
        "an axiom in what looks like a string between characters",
        "def t (n : Nat) : Nat := n\ntermination_by fun [C]'\"' => n axiom propext : False "
        f"def u (n : Nat) : Nat := n termination_by fun [C]'\"' => n\n{FALSE} := propext",
        COMMANDS,
    ),
    Attack(
        "a coercion through an instance that the statement's file assumes",
        "universe w z\nclass CoeT (α : Sort w) (_ : α) (β : Sort z) where\n  coe : β\n"
        "class Cheat : Prop where\n  h : False\nvariable [Cheat]\n"
        "instance [Cheat] (t : True) : CoeT True t False where\n  coe := Cheat.h\n"
        "omit [Cheat] in\ntheorem goal : True := True.intro",
        STATEMENT,
        asked="class Cheat : Prop where\n  h : False\nvariable [Cheat]\nomit [Cheat] in\n"
        "theorem goal : False",
    ),
    Attack(
        "a sum that the kernel computes otherwise",
        "noncomputable def Nat.add (a b : Nat) : Nat := Nat.zero\n"
        "theorem lem (a b : Nat) : Eq (Nat.add a b) 0 := Eq.refl _\n"
        f"{FALSE} := cheat",
        COMMANDS,
    ),
    Attack(
        "evaluation on the line of a theorem",
        f"theorem t : True := True.intro #eval! x\n{FALSE} := t",
        COMMANDS,
    ),
    Attack(
        "an axiom of the library's name",
        f"def propext : False := propext\n{FALSE} := propext",
        PLACEHOLDERS,
    ),
    Attack(
        "the statement itself",
        f"theorem asked_0 : True := True.intro\n{FALSE} := asked_0",
        LeanFault.ELABORATION,
    ),
)

HONEST = (
    Honest("a term", "theorem goal : True", "theorem goal : True := True.intro"),
    Honest(
        "a swap",
        "theorem goal (a b : Prop) (h : And a b) : And b a",
        "theorem goal (a b : Prop) (h : And a b) : And b a := ⟨h.right, h.left⟩",
    ),
    Honest(
        "binders in another way",
        "theorem goal (a b : Prop) (h : And a b) : And b a",
        "theorem goal : (a b : Prop) → And a b → And b a := fun _ _ h => And.intro h.2 h.1",
    ),
    Honest(
        "a case distinction",
        "theorem goal (a b : Prop) (h : Or a b) : Or b a",
        "theorem goal (a b : Prop) (h : Or a b) : Or b a :=\n"
        "  match h with\n  | Or.inl x => Or.inr x\n  | Or.inr x => Or.inl x",
    ),
    Honest(
        "a lemma before it",
        "theorem goal (a : Prop) (h : a) : Not (Not a)",
        "theorem help (a b : Prop) (h : a) (k : a → b) : b := k h\n"
        "theorem goal (a : Prop) (h : a) : Not (Not a) := fun k => help a False h k",
    ),
    Honest(
        "a lemma on the same line",
        "theorem goal : True",
        "theorem help : True := True.intro theorem goal : True := help",
    ),
    Honest(
        "what computes",
        "theorem goal : Eq (Nat.succ 1) 2",
        "theorem goal : Eq (Nat.succ 1) 2 := Eq.refl 2",
    ),
    Honest(
        "a definition of its own",
        "theorem goal (n : Nat) : Eq n n",
        "def same {α : Type} (a : α) : Eq a a := Eq.refl a\n"
        "theorem goal (n : Nat) : Eq n n := same n",
    ),
    Honest(
        "a section, variables and an option",
        "theorem goal (a : Prop) : a → a",
        "set_option maxRecDepth 2000\nsection\nvariable (a : Prop)\n"
        "theorem goal : a → a := fun h => h\nend",
    ),
    Honest(
        "a statement in a namespace with a definition",
        "namespace X\ndef P (n : Nat) : Prop := Eq n n\ntheorem goal (n : Nat) : P n",
        "namespace X\ndef P (n : Nat) : Prop := Eq n n\ntheorem help (n : Nat) : P n := Eq.refl n\n"
        "theorem goal (n : Nat) : P n := help n\nend X",
    ),
    Honest(
        "the namespace in the name",
        "namespace X\ntheorem goal : True",
        "theorem X.goal : True := True.intro",
    ),
    Honest(
        "induction",
        "theorem goal (P : Nat → Prop) (z : P 0) (s : (n : Nat) → P n → P (Nat.succ n)) "
        "(n : Nat) : P n",
        "theorem goal (P : Nat → Prop) (z : P 0) (s : (n : Nat) → P n → P (Nat.succ n)) "
        "(n : Nat) : P n :=\n  Nat.rec (motive := P) z s n",
    ),
    Honest(
        "universes",
        "universe u\ntheorem goal (α : Sort u) (a : α) : Eq a a",
        "universe v\ntheorem goal (β : Sort v) (b : β) : Eq b b := Eq.refl b",
    ),
    Honest(
        "words in comments and strings",
        "theorem goal : True",
        "/- axiom sorry /- macro -/ #exit -/\n-- sorry\n/-- sorry -/\n"
        "theorem goal : True := True.intro -- axiom",
    ),
    Honest(
        "names that look like words",
        "theorem goal : True",
        "theorem «axiom» : True := True.intro\ntheorem goal : True := «axiom»",
    ),
    Honest(
        "a structure",
        "theorem goal (a b : Prop) (h : And a b) : a",
        "structure Both (a b : Prop) : Prop where\n  one : a\n  other : b\n"
        "theorem goal (a b : Prop) (h : And a b) : a := (Both.mk h.1 h.2 : Both a b).one",
    ),
)
