use std::{
    io::{self, Read as _, Write as _},
    os::unix::process::CommandExt as _,
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
};

/// A program that does not outlive this process, not even if this is killed.
///
/// A shell becomes the program and leaves a guard beside it, both in a process
/// group of their own. The guard waits at a pipe, of which we hold the other
/// end and the system closes it for us, and then kills that group: itself, the
/// program and what the program started. No number of a process is kept to be
/// used later, so nothing else is ever hit.
#[derive(Debug)]
pub(crate) struct Process {
    program: Child,
}

/// A line says that the folder is still needed. An end without one says that nobody is left to need it.
const GUARDED: &str = r#"
folder=$1 log=$2
shift 2
exec 3<&0 </dev/null
(
  read -r _ <&3 || rm -rf "$folder"
  kill -KILL 0
) &
exec "$@" >>"$log" 2>&1 3<&-
"#;

impl Process {
    /// Starts it. What it prints goes to `log`; `folder` goes with us if we die.
    pub(crate) fn start(command: &Command, folder: &Path, log: &Path) -> io::Result<Self> {
        let mut guarded = Command::new("sh");
        guarded
            .args(["-c", GUARDED, "sh"])
            .args([folder, log])
            .arg(command.get_program())
            .args(command.get_args())
            .current_dir(folder)
            .process_group(0)
            .stdin(Stdio::piped())
            // Only the guard keeps it open, so its end is the guard's.
            .stdout(Stdio::piped());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => guarded.env(name, value),
                None => guarded.env_remove(name),
            };
        }
        Ok(Self {
            program: guarded.spawn()?,
        })
    }

    /// The program's, and that of its group.
    pub(crate) fn id(&self) -> u32 {
        self.program.id()
    }

    /// How it ended, if it did.
    pub(crate) fn ended(&mut self) -> io::Result<Option<ExitStatus>> {
        self.program.try_wait()
    }

    /// Asks it to end in good order.
    pub(crate) fn terminate(&mut self) -> io::Result<()> {
        // As long as it is not waited for, the number is its own.
        if self.ended()?.is_none() {
            Command::new("sh")
                .args(["-c", r#"kill -TERM "$1""#, "sh"])
                .arg(self.id().to_string())
                .status()?;
        }
        Ok(())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // None of this fails unless it is dead already.
        let _ = self.program.kill();
        if let Some(mut guard) = self.program.stdin.take() {
            let _ = guard.write_all(b"\n");
        }
        if let Some(mut end) = self.program.stdout.take() {
            let _ = end.read_to_end(&mut Vec::new());
        }
        let _ = self.program.wait();
    }
}
