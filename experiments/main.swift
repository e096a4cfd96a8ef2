import DescentCLI

Program.main(Catalogue(experiments))
