// gnuplot-iostream, which is C++, as Swift can call it.
#ifndef DESCENT_CGNUPLOT_H
#define DESCENT_CGNUPLOT_H

#ifdef __cplusplus
extern "C" {
#endif

typedef struct descent_gnuplot descent_gnuplot;

/// Starts a command that reads a gnuplot script, gnuplot itself say; NULL where it cannot be started.
descent_gnuplot *descent_gnuplot_open(const char *command);
/// Sends a piece of a script. Returns 0, or 1 where the command no longer listens.
int descent_gnuplot_send(descent_gnuplot *process, const char *script);
/// Ends the script and waits until the command has done with it.
void descent_gnuplot_close(descent_gnuplot *process);

#ifdef __cplusplus
}
#endif

#endif
